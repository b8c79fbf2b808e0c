//! Where Redis is and how long it may take.

use gantry_kernel::Secret;

/// The connection to Redis.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// Addresses, `redis://[user][:password@]host[:port][/db]` or `rediss://` for TLS. One address is one server; several
    /// (also in one text, between commas), or `redis+cluster://` and `rediss+cluster://`, are a Redis Cluster.
    pub urls: Vec<Secret>,
    /// What all keys begin with; processes that share limits share it.
    pub key_prefix: String,
    /// Milliseconds that Redis may take for an answer. Not less than what a busy machine of our own may take to read it: to
    /// take our own slowness for an outage would loosen the limits just when they are needed.
    pub response_timeout_ms: u64,
    /// Milliseconds that a connection may take.
    pub connect_timeout_ms: u64,
    /// Milliseconds after an error during which Redis is left alone.
    pub cool_down_ms: u64,
    /// The longest, in milliseconds, that this process refuses a key without asking Redis again. Within this time it does
    /// not see that another process gave a slot back.
    pub remember_ms: u64,
}

impl RedisConfig {
    /// Takes an address and leaves the rest at its defaults.
    pub fn new(url: impl Into<Secret>) -> Self {
        Self {
            urls: vec![url.into()],
            ..Self::default()
        }
    }
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            key_prefix: "gantry:limit:".to_owned(),
            response_timeout_ms: 500,
            connect_timeout_ms: 250,
            cool_down_ms: 1_000,
            remember_ms: 1_000,
        }
    }
}

/// Why a limiter or a limit cannot be used; never carries an address, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitsError {
    /// No address was given.
    #[error("no redis url is configured")]
    NoUrl,
    /// An address cannot be read.
    #[error("redis url number {number} is not usable: {why}")]
    BadUrl {
        /// Which of the addresses, counted from 1.
        number: usize,
        /// What is wrong with it, without its text.
        why: String,
    },
    /// The addresses do not make a cluster.
    #[error("redis urls are not usable together: {why}")]
    BadCluster {
        /// What is wrong, without their text.
        why: String,
    },
    /// A limit is larger or longer than can be held.
    #[error("limit {name} is out of bounds")]
    OutOfBounds {
        /// The limit's name.
        name: String,
    },
}
