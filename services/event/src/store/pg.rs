//! The queries, compiled for PostgreSQL.

use diesel_async::RunQueryDsl;

use super::rows::EventRow;
use super::schema::event_events;

pub(super) type Conn = gantry_db::PgConn;
pub(super) type Backend = diesel::pg::Pg;

#[path = "queries/append.rs"]
pub(super) mod append;
#[path = "queries/events.rs"]
pub(super) mod events;
#[path = "queries/feed.rs"]
pub(super) mod feed;
#[path = "queries/settings.rs"]
pub(super) mod settings;
#[path = "queries/wipes.rs"]
pub(super) mod wipes;

/// Adds rows in one statement: the lock on the order is held for one round trip, not for one a row.
async fn insert(conn: &mut Conn, rows: &[EventRow]) -> diesel::QueryResult<usize> {
    diesel::insert_into(event_events::table)
        .values(rows)
        .execute(conn)
        .await
}
