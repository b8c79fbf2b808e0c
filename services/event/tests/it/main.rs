//! The Event service against a real database: SQLite, or PostgreSQL with `GANTRY_TEST_DB=postgres`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests stand outside test functions"
)]

mod access;
mod append;
mod list;
mod relay;
mod retention;
mod watch;
mod world;
