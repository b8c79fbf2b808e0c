//! The conversation with a mail server.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use gantry_egress::{Egress, EgressError};
use gantry_kernel::Secret;
use lettre::address::Envelope;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};

use super::Outcome;
use crate::rules::letter::{Letter, line};
use crate::rules::webhook::excerpt;

/// How long each step, and the whole of it, may take.
const STEP: Duration = Duration::from_secs(15);
const WHOLE: Duration = Duration::from_secs(60);
/// The port whose connections begin with TLS.
const WRAPPED: u16 = 465;

/// How a connection to a mail server is kept from listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// From the beginning on port 465; elsewhere as soon as the server offers it, and no password is told before.
    #[default]
    Auto,
    /// By STARTTLS, or not at all.
    Starttls,
    /// From the beginning.
    Wrapped,
    /// Not: for a server on the same machine.
    Off,
}

/// Who sends mail.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The name by which it knows us, and the password.
    pub login: Option<(String, Secret)>,
    /// Who the mails are from: the address, and a name.
    pub from: (String, Option<String>),
    /// How the connection is kept from listeners.
    pub tls: Tls,
}

/// Why a mail did not go.
#[derive(Debug)]
pub(super) struct Unsent {
    pub(super) outcome: Outcome,
    pub(super) why: String,
}

impl From<lettre::transport::smtp::Error> for Unsent {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        // A 5xx is the server's last word.
        let outcome = if error.is_permanent() {
            Outcome::Failed
        } else {
            Outcome::Again
        };
        Self {
            outcome,
            why: excerpt(error.to_string().as_bytes()),
        }
    }
}

fn again(why: impl Into<String>) -> Unsent {
    Unsent {
        outcome: Outcome::Again,
        why: why.into(),
    }
}

fn failed(why: impl Into<String>) -> Unsent {
    Unsent {
        outcome: Outcome::Failed,
        why: why.into(),
    }
}

/// What is written on the outside of a mail.
pub(super) struct Outside<'a> {
    /// The same for each attempt, so that one that arrives twice is seen to be one.
    pub(super) id: &'a str,
    pub(super) to: &'a str,
    /// Now, in milliseconds.
    pub(super) now: i64,
}

/// Writes a mail as it is sent: addresses and subject are one line each, whoever made them up (T-29).
pub(super) fn compose(
    from: &(String, Option<String>),
    outside: &Outside<'_>,
    letter: Letter,
) -> Result<Message, Unsent> {
    let sender: Address = from
        .0
        .parse()
        .map_err(|_invalid| failed("the sender's address is none"))?;
    let to: Address = outside.to.parse().map_err(|_invalid| failed("the address is none"))?;
    let id = format!("<{}@{}>", outside.id, sender.domain());
    let at = Duration::from_millis(u64::try_from(outside.now).unwrap_or(0));
    let builder = Message::builder()
        .from(Mailbox::new(from.1.as_deref().map(line), sender))
        .to(Mailbox::new(None, to))
        .subject(line(&letter.subject))
        .message_id(Some(id))
        .date(SystemTime::UNIX_EPOCH + at);
    let message = match (letter.text, letter.html) {
        (Some(text), Some(html)) => builder.multipart(MultiPart::alternative_plain_html(text, html)),
        (None, Some(html)) => builder.singlepart(SinglePart::html(html)),
        (text, None) => builder.singlepart(SinglePart::plain(text.unwrap_or_default())),
    };
    message.map_err(|error| failed(excerpt(error.to_string().as_bytes())))
}

/// Hands a mail to a server. `guard` is for a server that somebody typed: it must not be one that must not be called (T-27).
pub(super) async fn send(
    smtp: &Smtp,
    ca: Option<&[u8]>,
    guard: Option<&Egress>,
    message: &Message,
) -> Result<String, Unsent> {
    let talk = talk(smtp, ca, guard, message);
    match tokio::time::timeout(WHOLE, talk).await {
        Ok(told) => told,
        Err(_out_of_time) => Err(again("the mail server took too long")),
    }
}

async fn talk(smtp: &Smtp, ca: Option<&[u8]>, guard: Option<&Egress>, message: &Message) -> Result<String, Unsent> {
    let mut connection = connect(smtp, ca, guard).await?;
    let name = ClientId::Domain(smtp.from.0.rsplit('@').next().unwrap_or("localhost").to_owned());
    let offered = connection.can_starttls();
    let wanted = match smtp.tls {
        Tls::Starttls => true,
        Tls::Auto => offered,
        Tls::Wrapped | Tls::Off => false,
    };
    if wanted && !connection.is_encrypted() {
        connection.starttls(parameters(smtp, ca)?, &name).await?;
    }
    if let Some((user, password)) = &smtp.login {
        if !connection.is_encrypted() && smtp.tls != Tls::Off {
            connection.abort().await;
            return Err(again(
                "the mail server offers no TLS, and the password is not told without",
            ));
        }
        let credentials = Credentials::new(user.clone(), password.expose().to_owned());
        // What is wrong with our own name is for the operator to mend; the mail waits.
        let known = connection
            .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
            .await;
        known.map_err(|error| again(excerpt(error.to_string().as_bytes())))?;
    }
    let envelope: &Envelope = message.envelope();
    let told = connection.send(envelope, &message.formatted()).await?;
    // The mail is theirs by now, whatever becomes of the connection.
    let _bye = tokio::time::timeout(STEP, connection.quit()).await;
    let words = told.message().collect::<Vec<_>>().join(" ");
    Ok(excerpt(format!("{} {words}", told.code()).as_bytes()))
}

async fn connect(smtp: &Smtp, ca: Option<&[u8]>, guard: Option<&Egress>) -> Result<AsyncSmtpConnection, Unsent> {
    let wrapped = smtp.tls == Tls::Wrapped || (smtp.tls == Tls::Auto && smtp.port == WRAPPED);
    let tls = if wrapped { Some(parameters(smtp, ca)?) } else { None };
    let name = ClientId::Domain(smtp.from.0.rsplit('@').next().unwrap_or("localhost").to_owned());
    let connection = match guard {
        None => {
            AsyncSmtpConnection::connect_tokio1((smtp.host.as_str(), smtp.port), Some(STEP), &name, tls, None).await
        }
        // What was checked is what is connected to.
        Some(egress) => {
            let found = egress.resolve(&smtp.host).await.map_err(|error| match error {
                EgressError::Forbidden => again("the mail server must not be called"),
                _ => again("the mail server's name was not found"),
            })?;
            let found: Vec<SocketAddr> = found.into_iter().map(|address| (address, smtp.port).into()).collect();
            AsyncSmtpConnection::connect_tokio1(&found[..], Some(STEP), &name, tls, None).await
        }
    };
    Ok(connection?)
}

/// The server must be who it is called; `ca` is who vouches for it beside those whom the system knows.
fn parameters(smtp: &Smtp, ca: Option<&[u8]>) -> Result<TlsParameters, Unsent> {
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(pem) = ca {
        builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
    }
    Ok(builder.build_rustls()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(from_name: &str, to: &str, subject: &str) -> Result<String, Unsent> {
        let outside = Outside {
            id: "ent_1",
            to,
            now: 1_767_225_600_000,
        };
        let letter = Letter {
            subject: subject.to_owned(),
            text: Some("Hi\r\n.\r\nthere".to_owned()),
            html: None,
        };
        let from = ("no-reply@a.example".to_owned(), Some(from_name.to_owned()));
        let message = compose(&from, &outside, letter)?;
        Ok(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn t_29_no_name_and_no_subject_adds_a_header() {
        let text = raw(
            "Ñ\r\nBcc: x@y.example",
            "ana@b.example",
            "Hi\r\nBcc: x@y.example\r\n\r\nbody",
        )
        .unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            !head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")),
            "{head}"
        );
        assert!(head.contains("Message-ID: <ent_1@a.example>"));
        assert!(head.contains("Date: Thu, 01 Jan 2026 00:00:00 +0000"), "{head}");
        let refused = raw("A", "ana@b.example\r\nRCPT TO:<x@y.example>", "Hi").unwrap_err();
        assert_eq!(refused.outcome, Outcome::Failed);
    }
}
