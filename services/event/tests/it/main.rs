//! The Event service against a real database: SQLite, or PostgreSQL with `GANTRY_TEST_DB=postgres`.

mod access;
mod append;
mod list;
mod relay;
mod watch;
mod world;
