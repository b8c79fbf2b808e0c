//! The queries, compiled for SQLite.

use diesel_async::RunQueryDsl;

use super::rows::EventRow;
use super::schema::event_events;

pub(super) type Conn = gantry_db::LiteConn;
pub(super) type Backend = diesel::sqlite::Sqlite;

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

/// Adds rows one by one: diesel makes no statement of many rows for SQLite, where a round trip costs nothing.
async fn insert(conn: &mut Conn, rows: &[EventRow]) -> diesel::QueryResult<usize> {
    for row in rows {
        diesel::insert_into(event_events::table)
            .values(row)
            .execute(conn)
            .await?;
    }
    Ok(rows.len())
}
