//! The gateway's listener.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::nets;

/// The gateway's listener and the bounds of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Where it listens; port 0 picks a free one.
    pub addr: SocketAddr,
    /// The proxies whose `X-Forwarded-*` is believed.
    #[serde(deserialize_with = "nets::deserialize")]
    pub trusted_proxies: Vec<IpNet>,
    /// Plain HTTP on an address that is not loopback, because a trusted proxy ends TLS.
    pub plain_behind_proxy: bool,
    /// The largest body, in bytes.
    pub max_body_bytes: usize,
    /// The largest head of a request, in bytes.
    pub max_header_bytes: usize,
    /// How long a request may take, in milliseconds.
    pub request_timeout_ms: u64,
    /// `max-age` of `Strict-Transport-Security`; 0 sends none.
    pub hsts_seconds: u64,
    /// Room for answers that are given again while nothing has changed, in bytes; 0 keeps none.
    pub remembered_bytes: u64,
    /// Whether the older `/v1/` LoginRocket calls are answered, by GET and JSONP too.
    pub v1: bool,
    /// TLS.
    pub tls: HttpTls,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            trusted_proxies: Vec::new(),
            plain_behind_proxy: false,
            max_body_bytes: 65_536,
            max_header_bytes: 16_384,
            request_timeout_ms: 15_000,
            hsts_seconds: 31_536_000,
            remembered_bytes: 16_777_216,
            v1: false,
            tls: HttpTls::default(),
        }
    }
}

/// TLS at the gateway; off without certificates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpTls {
    /// The certificates, chosen by the name that the client asks for; the first one serves the others.
    pub certificates: Vec<Certificate>,
    /// How often the files are looked at for a renewal, in seconds.
    pub reload_seconds: u64,
}

impl Default for HttpTls {
    fn default() -> Self {
        Self {
            certificates: Vec::new(),
            reload_seconds: 30,
        }
    }
}

/// A certificate chain and its private key, as PEM files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The chain's file.
    pub cert: PathBuf,
    /// The key's file.
    pub key: PathBuf,
}
