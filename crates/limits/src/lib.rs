//! The sliding window: one atomic script in Redis, the same algorithm in memory.
//!
//! A [`Limit`] says how many times something may happen within a window; a key says who is counted. The limiter keeps
//! the last N accepted times of each key, so no window ever holds more than N of them, wherever it begins.
//! Refused takes are not counted: who keeps knocking is let in again when the oldest accepted time has left.
//! What happens while Redis is away is told in `docs/adr/0003-sliding-window-in-redis.md`.

mod address;
mod config;
mod decision;
mod guard;
mod health;
mod limit;
mod limiter;
mod link;
mod memory;
mod remembered;
mod ring;
mod shards;
#[cfg(test)]
mod tests;

pub use address::address_key;
pub use config::{LimitsError, RedisConfig};
pub use decision::{Decision, Source};
pub use health::Health;
pub use limit::{Limit, OnOutage};
pub use limiter::Limiter;
