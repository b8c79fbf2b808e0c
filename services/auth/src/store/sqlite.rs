//! The queries, compiled for SQLite.

pub(super) type Conn = gantry_db::LiteConn;
pub(super) type Backend = diesel::sqlite::Sqlite;

#[path = "queries/apps.rs"]
pub(super) mod apps;
#[path = "queries/keys.rs"]
pub(super) mod keys;
#[path = "queries/memberships.rs"]
pub(super) mod memberships;
#[path = "queries/named.rs"]
pub(super) mod named;
#[path = "queries/orgs.rs"]
pub(super) mod orgs;
#[path = "queries/outbox.rs"]
pub(super) mod outbox;
#[path = "queries/realms.rs"]
pub(super) mod realms;
#[path = "queries/tokens.rs"]
pub(super) mod tokens;
#[path = "queries/users.rs"]
pub(super) mod users;
