//! The queries, compiled for SQLite.

type Conn = gantry_db::LiteConn;
type Backend = diesel::sqlite::Sqlite;

#[path = "queries/ending.rs"]
pub(super) mod ending;
#[path = "queries/keys.rs"]
pub(super) mod keys;
#[path = "queries/oauth.rs"]
pub(super) mod oauth;
#[path = "queries/outbox.rs"]
pub(super) mod outbox;
#[path = "queries/sessions.rs"]
pub(super) mod sessions;
#[path = "queries/wipes.rs"]
pub(super) mod wipes;
