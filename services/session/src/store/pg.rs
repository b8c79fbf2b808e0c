//! The queries, compiled for PostgreSQL.

type Conn = gantry_db::PgConn;
type Backend = diesel::pg::Pg;

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
