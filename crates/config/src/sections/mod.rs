//! The settings, typed, by section. A section's `Default` is what holds when nobody says anything.

mod grpc;
mod http;
mod nets;
mod observe;
mod outside;
mod password;
mod storage;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use gantry_kernel::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use grpc::{Cluster, ClusterTls, Grpc, GrpcTls, Wires};
pub use http::{Certificate, Http, HttpTls};
pub use observe::{Log, LogFormat, Metrics, Otel};
pub use outside::{Acme, Egress, LimitOverride, OnOutage, Smtp, SmtpTls};
pub use password::{Algorithm, Password};
pub use storage::{Database, Events, OnStart, Redis};

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where SQLite and generated keys live.
    pub data_dir: PathBuf,
    /// An account-wide manage key to install at first start instead of a generated one.
    #[serde(skip_serializing)]
    pub root_api_key: Option<Secret>,
    /// The suffix of automatic LoginRocket host names.
    pub login_domain: String,
    /// Where custom domains are looked up; whom the system asks, if nobody says.
    pub dns_server: Option<SocketAddr>,
    /// The `iss` of login tokens; the published clients insist on the default.
    pub issuer: String,
    /// Seals signing keys: 32 bytes in base64 or hexadecimal. Without it a file in `data_dir` serves, made at first start.
    #[serde(skip_serializing)]
    pub secret_key: Option<Secret>,
    /// Whether rate limits hold at all.
    pub limits_enabled: bool,
    /// Whether the auth provider type `dummy` exists, which lets anybody in: for a developer's machine.
    pub dummy_provider: bool,
    /// Milliseconds that a process goes on serving after it was told to stop, while its health says that it is not ready.
    pub drain_ms: u64,
    /// The gateway's listener.
    pub http: Http,
    /// The services' listener.
    pub grpc: Grpc,
    /// How processes of this installation know each other.
    pub cluster: Cluster,
    /// Where the services are when they are not in this process.
    pub wires: Wires,
    /// The database.
    pub database: Database,
    /// Redis, for limits that several gateways share.
    pub redis: Redis,
    /// How passwords are hashed.
    pub password: Password,
    /// Changes to the contract's rate limits, by the limit's name.
    pub limits: BTreeMap<String, LimitOverride>,
    /// The server's own mail provider.
    pub smtp: Smtp,
    /// What webhooks and upstream calls may reach.
    pub egress: Egress,
    /// Events.
    pub events: Events,
    /// Who gives certificates to custom domains.
    pub acme: Acme,
    /// Log lines.
    pub log: Log,
    /// Metrics.
    pub metrics: Metrics,
    /// Traces.
    pub otel: Otel,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./gantry-data"),
            root_api_key: None,
            login_domain: "localhost".to_owned(),
            dns_server: None,
            issuer: "https://authrocket.com".to_owned(),
            secret_key: None,
            limits_enabled: true,
            dummy_provider: false,
            drain_ms: 0,
            http: Http::default(),
            grpc: Grpc::default(),
            cluster: Cluster::default(),
            wires: Wires::default(),
            database: Database::default(),
            redis: Redis::default(),
            password: Password::default(),
            limits: BTreeMap::new(),
            smtp: Smtp::default(),
            egress: Egress::default(),
            events: Events::default(),
            acme: Acme::default(),
            log: Log::default(),
            metrics: Metrics::default(),
            otel: Otel::default(),
        }
    }
}

impl Config {
    /// The bytes of `secret_key`; `None` when it is not set (or was never checked and is wrong).
    pub fn secret_key_bytes(&self) -> Option<Zeroizing<[u8; 32]>> {
        let text = Zeroizing::new(
            self.secret_key
                .as_ref()?
                .expose()
                .trim()
                .replace('-', "+")
                .replace('_', "/"),
        );
        let bytes = Zeroizing::new(match text.len() {
            64 => hexadecimal(&text)?,
            _ => {
                // People paste either alphabet, with and without padding.
                let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
                GeneralPurpose::new(&base64::alphabet::STANDARD, lenient)
                    .decode(text.as_bytes())
                    .ok()?
            }
        });
        Some(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?))
    }
}

/// Reads what `openssl rand -hex` writes.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| {
        char::from(*byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    text.as_bytes()
        .chunks(2)
        .map(|pair| Some(digit(pair.first()?)? * 16 + digit(pair.get(1)?)?))
        .collect()
}
