//! The gateway's settings.

use std::collections::HashMap;
use std::time::Duration;

use gantry_limits::{Limit, OnOutage};
use ipnet::IpNet;

/// What configuration says about one limit, by its name in the contract.
#[derive(Debug, Clone, Copy, Default)]
pub struct LimitOverride {
    /// How many.
    pub max: Option<u32>,
    /// In how many seconds.
    pub per_seconds: Option<u32>,
    /// What it does while Redis is away.
    pub on_outage: Option<OnOutage>,
}

/// The gateway's settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Callers whose `traceparent` is continued rather than linked.
    pub trusted_tracers: Vec<IpNet>,
    /// The largest body, in bytes.
    pub max_body_bytes: usize,
    /// The largest head: all header names and values, in bytes.
    pub max_header_bytes: usize,
    /// The longest path with query, in bytes; a session's JWT fits in a path (contract 3.5).
    pub max_uri_bytes: usize,
    /// How long a request may take, its body included.
    pub request_timeout: Duration,
    /// `max-age` of HSTS, in seconds; sent over HTTPS only.
    pub hsts_seconds: u64,
    /// Room for answers that are given again while nothing has changed, in bytes; 0 keeps none.
    pub remembered_bytes: u64,
    /// Whether the older `/v1/` LoginRocket calls are answered, by GET and JSONP too.
    pub v1: bool,
    /// Limits that differ from the contract's.
    pub limits: HashMap<String, LimitOverride>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            trusted_tracers: Vec::new(),
            max_body_bytes: 64 * 1024,
            max_header_bytes: 16 * 1024,
            max_uri_bytes: 8 * 1024,
            request_timeout: Duration::from_secs(15),
            hsts_seconds: 31_536_000,
            remembered_bytes: 16 * 1024 * 1024,
            v1: false,
            limits: HashMap::new(),
        }
    }
}

impl Config {
    /// A limit of the contract as it is in force here.
    pub fn limit(&self, rule: &gantry_proto::LimitRule) -> Limit {
        let set = self.limits.get(rule.name).copied().unwrap_or_default();
        let on_outage = set.on_outage.unwrap_or(match rule.on_outage {
            gantry_proto::OnOutage::Memory => OnOutage::Memory,
            gantry_proto::OnOutage::Allow => OnOutage::Allow,
            gantry_proto::OnOutage::Refuse => OnOutage::Refuse,
        });
        Limit {
            name: rule.name.to_owned(),
            max: set.max.unwrap_or(rule.max),
            window_ms: u64::from(set.per_seconds.unwrap_or(rule.per_seconds)) * 1000,
            on_outage,
        }
    }
}
