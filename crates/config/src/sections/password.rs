//! How passwords are hashed, and how many at once.

use serde::{Deserialize, Serialize};

/// The cost of a hash, and the bulkhead around hashing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Password {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// Memory per hash, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes per hash.
    pub parallelism: u32,
    /// Threads that hash; 0 means one per core.
    pub threads: usize,
    /// Hashes that may wait; more are answered "busy" at once.
    pub queue: usize,
    /// Where new passwords are looked for among stolen ones, by the beginning of their digest; nowhere without it.
    pub breached_range_url: Option<String>,
}

/// A password hashing algorithm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// RFC 9106.
    #[default]
    Argon2id,
}

impl Default for Password {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
            threads: 0,
            queue: 64,
            breached_range_url: None,
        }
    }
}
