//! The queries, compiled for PostgreSQL.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::rows::{AttemptRow, EventRow, LaneRow, NotificationRow};
use super::schema::{event_attempts, event_events, event_lanes, event_notifications};

pub(super) type Conn = gantry_db::PgConn;
pub(super) type Backend = diesel::pg::Pg;

#[path = "queries/append.rs"]
pub(super) mod append;
#[path = "queries/events.rs"]
pub(super) mod events;
#[path = "queries/feed.rs"]
pub(super) mod feed;
#[path = "queries/health.rs"]
pub(super) mod health;
#[path = "queries/history.rs"]
pub(super) mod history;
#[path = "queries/in_order.rs"]
pub(super) mod in_order;
#[path = "queries/lanes.rs"]
pub(super) mod lanes;
#[path = "queries/notifications.rs"]
pub(super) mod notifications;
#[path = "partitions/pg.rs"]
pub(super) mod partitions;
#[path = "queries/retention.rs"]
pub(super) mod retention;
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

/// Adds notifications in one statement.
async fn insert_notifications(conn: &mut Conn, rows: &[NotificationRow]) -> diesel::QueryResult<usize> {
    diesel::insert_into(event_notifications::table)
        .values(rows)
        .execute(conn)
        .await
}

/// Adds attempts to the log, in one statement.
async fn insert_attempts(conn: &mut Conn, rows: &[AttemptRow]) -> diesel::QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    diesel::insert_into(event_attempts::table)
        .values(rows)
        .execute(conn)
        .await
}

/// Lanes that are due and that nobody is just taking, locked.
async fn lock_due(conn: &mut Conn, now: i64, limit: i64) -> diesel::QueryResult<Vec<LaneRow>> {
    let due = event_lanes::table.filter(event_lanes::due_at.le(now));
    due.order(event_lanes::due_at)
        .limit(limit)
        .select(LaneRow::as_select())
        .for_update()
        .skip_locked()
        .load(conn)
        .await
}

/// One lane, locked.
async fn lock_lane(conn: &mut Conn, id: &str) -> diesel::QueryResult<Option<LaneRow>> {
    let one = event_lanes::table.find(id).select(LaneRow::as_select());
    one.for_update().first(conn).await.optional()
}
