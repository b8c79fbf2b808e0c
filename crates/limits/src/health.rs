//! How the limiter is doing: for a metric and for readiness.

use std::sync::atomic::{AtomicU64, Ordering};

/// A look at the limiter; all numbers count since the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Health {
    /// Whether Redis is configured.
    pub uses_redis: bool,
    /// Whether limits are held as configured: Redis answered last time, or is not configured.
    pub reachable: bool,
    /// Times that Redis went away.
    pub outages: u64,
    /// Decisions by Redis.
    pub by_redis: u64,
    /// Decisions in this process's memory, as configured: no Redis.
    pub by_memory: u64,
    /// Refusals remembered in front of Redis.
    pub remembered: u64,
    /// Taken while Redis was away: let through by `on_outage: allow`.
    pub fallback_allowed: u64,
    /// Taken while Redis was away: refused by `on_outage: refuse`.
    pub fallback_refused: u64,
    /// Taken while Redis was away: counted in this process by `on_outage: memory`.
    pub fallback_counted: u64,
    /// Refunds that did not reach Redis.
    pub refunds_lost: u64,
    /// Keys dropped from memory before their time because there were too many.
    pub evicted: u64,
}

/// The running counts.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) outages: Counter,
    pub(crate) by_redis: Counter,
    pub(crate) by_memory: Counter,
    pub(crate) remembered: Counter,
    pub(crate) fallback_allowed: Counter,
    pub(crate) fallback_refused: Counter,
    pub(crate) fallback_counted: Counter,
    pub(crate) refunds_lost: Counter,
}

/// A number that only rises.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Counts one.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Reads the number.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
