//! The limiter as its users see it, on memory, on Redis, through outages and on a cluster.

mod needs_redis;
mod properties;
mod stage;
mod suite;
