//! The database and Redis.

use gantry_kernel::Secret;
use serde::{Deserialize, Serialize};

/// The database: PostgreSQL (or what speaks its protocol) by its URL, else SQLite in `data_dir`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://user:password@host:port/name`.
    #[serde(skip_serializing)]
    pub url: Option<Secret>,
    /// The most connections that one process opens.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            max_connections: 8,
        }
    }
}

/// Redis, for limits that several gateways share; without it they are counted in memory.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redis {
    /// `redis://host:port`, or `rediss://` with TLS.
    #[serde(skip_serializing)]
    pub url: Option<Secret>,
    /// Whether the URL names a node of a Redis Cluster.
    pub cluster: bool,
    /// What happens when Redis is away as the process starts.
    pub on_start: OnStart,
}

/// What happens when something is away as the process starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnStart {
    /// The process starts; each limit does what it does in any outage.
    #[default]
    Continue,
    /// A process that counts does not start; a gateway is not ready later on while Redis is away.
    Refuse,
}

/// What happened, for how long it is kept, and how many may watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Events {
    /// Days that events are kept where the realm says nothing; for ever, if nobody says.
    pub retention_days: Option<u32>,
    /// How many streams of events one process serves at a time.
    pub watchers: usize,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            retention_days: None,
            watchers: 1000,
        }
    }
}
