//! Somebody's mail server on loopback: it speaks SMTP (RFC 5321), STARTTLS and AUTH, and keeps what it is given.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// The name and the password that it knows.
pub(crate) const LOGIN: (&str, &str) = ("acme", "s3cret-canary-of-smtp");

/// How it behaves.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    /// Whether it offers STARTTLS.
    pub(crate) tls: bool,
    /// Whether it takes mail only from whom it knows.
    pub(crate) login: bool,
    /// Whether TLS begins before anything is said.
    pub(crate) wrapped: bool,
}

/// A mail as it was handed over.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) raw: String,
    /// Whether nobody could listen.
    pub(crate) encrypted: bool,
    /// Who handed it over.
    pub(crate) user: Option<String>,
}

impl Mail {
    pub(crate) fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let start = format!("{name}: ");
        let line = head.lines().find_map(|line| line.strip_prefix(&start));
        line.map(decoded_words).unwrap_or_default()
    }

    /// The body of the part of a type.
    pub(crate) fn part(&self, kind: &str) -> String {
        let at = self.raw.find(&format!("Content-Type: {kind}")).expect("no such part");
        let (head, rest) = self.raw[at..].split_once("\r\n\r\n").unwrap();
        let body = rest.split("\r\n--").next().unwrap();
        let bytes = match () {
            () if head.contains("base64") => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
            () if head.contains("quoted-printable") => quoted_printable(body),
            () => body.as_bytes().to_vec(),
        };
        String::from_utf8(bytes).unwrap()
    }
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut out = Vec::new();
    let mut parts = text.split('=');
    out.extend_from_slice(parts.next().unwrap().as_bytes());
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}

/// RFC 2047 words in base64 or quoted-printable, as far as mails of ours have them.
fn decoded_words(line: &str) -> String {
    let mut out = String::new();
    // Between two such words a space means nothing.
    let mut before = true;
    for word in line.split(' ') {
        let inside = word.strip_prefix("=?utf-8?").and_then(|word| word.strip_suffix("?="));
        if inside.is_none() || !before {
            out.push_str(if out.is_empty() { "" } else { " " });
        }
        match inside.and_then(|inside| inside.split_once('?')) {
            Some(("b", text)) => out.push_str(&String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()),
            Some((_, text)) => out.push_str(&String::from_utf8(quoted_printable(&text.replace('_', " "))).unwrap()),
            None => out.push_str(word),
        }
        before = inside.is_some();
    }
    out
}

/// The mail server.
pub(crate) struct Mailbox {
    pub(crate) port: u16,
    /// PEM: who vouches for it.
    pub(crate) ca: String,
    came: mpsc::UnboundedReceiver<Mail>,
}

impl Mailbox {
    /// A server that calls itself `localhost`.
    pub(crate) async fn start(manner: Manner) -> Self {
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::new(Vec::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_cert = ca.self_signed(&ca_key).unwrap();
        let issuer = Issuer::new(ca, ca_key);
        let key = KeyPair::generate().unwrap();
        let cert = CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![cert.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, came) = mpsc::unbounded_channel();
        drop(gantry_telemetry::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, tell) = (acceptor.clone(), tell.clone());
                drop(gantry_telemetry::spawn(async move {
                    // A conversation that breaks off is the client's affair.
                    let _ended = converse(stream, &acceptor, manner, &tell).await;
                }));
            }
        }));
        Self {
            port,
            ca: ca_cert.pem(),
            came,
        }
    }

    /// The next mail.
    pub(crate) async fn next(&mut self) -> Mail {
        let next = tokio::time::timeout(Duration::from_secs(30), self.came.recv());
        next.await.expect("a mail should have come by now").unwrap()
    }

    /// Whether a mail has come that was not looked at.
    pub(crate) fn has_more(&mut self) -> bool {
        self.came.try_recv().is_ok()
    }
}

/// Until it ends, or TLS is to begin.
async fn converse(
    mut stream: TcpStream,
    acceptor: &TlsAcceptor,
    manner: Manner,
    tell: &mpsc::UnboundedSender<Mail>,
) -> std::io::Result<()> {
    if manner.wrapped {
        let encrypted = acceptor.accept(stream).await?;
        return talk(encrypted, manner, (true, true), tell).await.map(drop);
    }
    let upgrade = talk(&mut stream, manner, (false, true), tell).await?;
    if upgrade {
        let encrypted = acceptor.accept(stream).await?;
        talk(encrypted, manner, (true, false), tell).await?;
    }
    Ok(())
}

/// Speaks, and tells whether TLS is to begin.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    manner: Manner,
    (encrypted, greet): (bool, bool),
    tell: &mpsc::UnboundedSender<Mail>,
) -> std::io::Result<bool> {
    let mut stream = BufReader::new(stream);
    if greet {
        stream.write_all(b"220 localhost at your service\r\n").await?;
    }
    let mut mail = Mail {
        from: String::new(),
        to: Vec::new(),
        raw: String::new(),
        encrypted,
        user: None,
    };
    loop {
        stream.flush().await?;
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(false);
        }
        let line = line.trim_end();
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let answer = match verb.as_str() {
            "EHLO" => {
                let tls = if manner.tls && !encrypted {
                    "250-STARTTLS\r\n"
                } else {
                    ""
                };
                format!("250-localhost\r\n{tls}250-8BITMIME\r\n250 AUTH PLAIN LOGIN")
            }
            "STARTTLS" if manner.tls && !encrypted => {
                stream.write_all(b"220 go ahead\r\n").await?;
                stream.flush().await?;
                return Ok(true);
            }
            "AUTH" => {
                let given = line.rsplit(' ').next().unwrap();
                let wanted = STANDARD.encode(format!("\0{}\0{}", LOGIN.0, LOGIN.1));
                if given == wanted {
                    mail.user = Some(LOGIN.0.to_owned());
                    "235 welcome".to_owned()
                } else {
                    "535 who are you".to_owned()
                }
            }
            "MAIL" if manner.login && mail.user.is_none() => "530 say who you are".to_owned(),
            "MAIL" => {
                mail.from = address();
                "250 fine".to_owned()
            }
            "RCPT" if address().starts_with("unknown") => "550 no such mailbox".to_owned(),
            "RCPT" if address().starts_with("later") => "451 try later".to_owned(),
            "RCPT" => {
                mail.to.push(address());
                "250 fine".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                stream.flush().await?;
                mail.raw.clear();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).await?;
                    if line == ".\r\n" {
                        break;
                    }
                    mail.raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                tell.send(mail.clone()).unwrap();
                mail.to.clear();
                "250 taken".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                stream.flush().await?;
                return Ok(false);
            }
            _ => "502 what".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}
