//! Limits on what comes in, and what may go out.

use std::path::PathBuf;

use gantry_kernel::Secret;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::nets;

/// Changes to one of the contract's rate limits; what is absent stays as the contract has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitOverride {
    /// How many calls.
    pub max: Option<u32>,
    /// In how many seconds.
    pub per_seconds: Option<u32>,
    /// What it does while Redis is away.
    pub on_outage: Option<OnOutage>,
}

/// What a limit does while Redis is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnOutage {
    /// It counts in this process.
    Memory,
    /// It lets everything pass.
    Allow,
    /// It lets nothing pass.
    Refuse,
}

/// The server's own mail provider, used where a realm has none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    /// Its host; without one such mail is not sent.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// The name by which it knows this server.
    pub user: Option<String>,
    /// The password.
    #[serde(skip_serializing)]
    pub password: Option<Secret>,
    /// Who such mails are from; without it no-reply at the domain of automatic host names.
    pub from: Option<String>,
    /// The name beside that address; without it the realm's.
    pub from_name: Option<String>,
    /// How the connection is kept from listeners.
    pub tls: SmtpTls,
    /// PEM: who vouches for mail servers, the realms' too, where the system does not know them.
    pub ca: Option<PathBuf>,
    /// Who is told that a webhook was switched off, where the hook names nobody.
    pub alerts_to: Option<String>,
}

/// How a connection to a mail server is kept from listeners.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// From the beginning on port 465, elsewhere when the server offers it; no password is told without.
    #[default]
    Auto,
    /// By STARTTLS, or not at all.
    Starttls,
    /// From the beginning.
    Wrapped,
    /// Not.
    Off,
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            host: None,
            port: 25,
            user: None,
            password: None,
            from: None,
            from_name: None,
            tls: SmtpTls::Auto,
            ca: None,
            alerts_to: None,
        }
    }
}

/// What webhooks and upstream calls may reach although it is private.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Egress {
    /// Private networks that may be called.
    #[serde(deserialize_with = "nets::deserialize")]
    pub allow: Vec<IpNet>,
    /// Whether plain HTTP may be used.
    pub allow_http: bool,
    /// The HTTP proxy that calls outside go through; a URL, in which there may be a password.
    #[serde(skip_serializing)]
    pub proxy: Option<Secret>,
}

/// The certificate authority that custom domains get their certificates from (RFC 8555).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Acme {
    /// The address of its directory; without one nobody is asked.
    pub directory: Option<String>,
    /// Whether you agree to its terms of service.
    pub terms_agreed: bool,
    /// An e-mail address that it may write to.
    pub contact: Option<String>,
    /// PEM: the root by which the authority's own HTTPS is known, where the system does not know it.
    pub ca: Option<PathBuf>,
    /// The name of the account at the authority that this one belongs to, where it asks for one (external account binding).
    pub eab_key_id: Option<String>,
    /// Its key, in base64url.
    #[serde(skip_serializing)]
    pub eab_key: Option<Secret>,
}
