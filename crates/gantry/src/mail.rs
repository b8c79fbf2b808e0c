//! Who sends mail, as the configuration says.

use gantry_config::{Config, SmtpTls};
use gantry_event::{Mail, Preview, Smtp, Tls};

use crate::StartError;

/// The server's own mail provider, who vouches for mail servers, and who takes what nobody sends.
pub(crate) fn of(config: &Config, preview: Option<Preview>) -> Result<Mail, StartError> {
    let smtp = &config.smtp;
    let ca = match &smtp.ca {
        None => None,
        Some(path) => {
            let read = std::fs::read(path);
            Some(read.map_err(|error| StartError::config(format!("smtp.ca, {}: {error}", path.display())))?)
        }
    };
    let tls = match smtp.tls {
        SmtpTls::Auto => Tls::Auto,
        SmtpTls::Starttls => Tls::Starttls,
        SmtpTls::Wrapped => Tls::Wrapped,
        SmtpTls::Off => Tls::Off,
    };
    let from = smtp.from.clone();
    let from = from.unwrap_or_else(|| format!("no-reply@{}", config.login_domain));
    let smtp = smtp.host.clone().map(|host| Smtp {
        host,
        port: smtp.port,
        login: smtp.user.clone().zip(smtp.password.clone()),
        from: (from, smtp.from_name.clone()),
        tls,
    });
    Ok(Mail {
        smtp,
        ca,
        preview,
        alerts_to: config.smtp.alerts_to.clone(),
    })
}
