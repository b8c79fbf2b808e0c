//! Where the database is, and how many connections it gets.

use std::path::PathBuf;
use std::time::Duration;

/// Where the database is.
#[derive(Debug, Clone)]
pub struct Config {
    /// `postgres://…` or `sqlite://PATH`.
    pub url: String,
    /// The most connections (PostgreSQL) or readers (SQLite, beside its one writer).
    pub max_connections: usize,
    /// How long a call waits for a free connection, and for a new one to open.
    pub wait: Duration,
    /// How long PostgreSQL works on one statement.
    pub statement_timeout: Duration,
    /// A file of PEM certificates that PostgreSQL's certificate must descend from; with it TLS is demanded.
    pub ca: Option<PathBuf>,
}

impl Config {
    /// Defaults for a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 8,
            wait: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            ca: None,
        }
    }
}
