//! The outbox and its relay against a real database, SQLite or PostgreSQL, and an Event that fails in every way it can.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests stand outside test functions"
)]

mod event;
mod relay;
mod store;
mod table;
