//! Log lines and traces.

use std::net::SocketAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::nets;

/// Log lines, which go to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How they look.
    pub format: LogFormat,
    /// Which are written: a level, or levels by target.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info".to_owned(),
        }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one flat object a line.
    Json,
}

/// Metrics, for Prometheus.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Where they are served, for operators alone; without it they are not.
    pub addr: Option<SocketAddr>,
}

/// Traces, sent by OTLP over gRPC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Otel {
    /// The collector; without one nothing is traced.
    pub endpoint: Option<String>,
    /// `service.name`; without one the role's own name.
    pub service_name: Option<String>,
    /// Which part of the traces that start here is sent, 0 to 1.
    pub sample_ratio: f64,
    /// Callers whose `traceparent` is continued instead of linked.
    #[serde(deserialize_with = "nets::deserialize")]
    pub trusted_callers: Vec<IpNet>,
}

impl Default for Otel {
    fn default() -> Self {
        Self {
            endpoint: None,
            service_name: None,
            sample_ratio: 1.0,
            trusted_callers: Vec::new(),
        }
    }
}
