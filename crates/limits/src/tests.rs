//! The limiter as its users see it, on memory, on Redis, through outages and on a cluster.

mod cluster;
mod outage;
mod properties;
mod shared;
mod stage;
mod suite;
