//! Limits on what comes in, and what may go out.

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    /// Its host; without one such mail is not sent.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
}

impl Default for Smtp {
    fn default() -> Self {
        Self { host: None, port: 25 }
    }
}

/// What webhooks and upstream calls may reach although it is private.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Egress {
    /// Private networks that may be called.
    #[serde(deserialize_with = "nets::deserialize")]
    pub allow: Vec<IpNet>,
    /// Whether plain HTTP may be used.
    pub allow_http: bool,
}
