//! The queries, compiled for SQLite.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::rows::{AttemptRow, EventRow, LaneRow, NotificationRow};
use super::schema::{event_attempts, event_events, event_lanes, event_notifications};

pub(super) type Conn = gantry_db::LiteConn;
pub(super) type Backend = diesel::sqlite::Sqlite;

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
#[path = "partitions/sqlite.rs"]
pub(super) mod partitions;
#[path = "queries/retention.rs"]
pub(super) mod retention;
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

/// Adds notifications one by one.
async fn insert_notifications(conn: &mut Conn, rows: &[NotificationRow]) -> diesel::QueryResult<usize> {
    for row in rows {
        diesel::insert_into(event_notifications::table)
            .values(row)
            .execute(conn)
            .await?;
    }
    Ok(rows.len())
}

/// Adds attempts to the log, one by one.
async fn insert_attempts(conn: &mut Conn, rows: &[AttemptRow]) -> diesel::QueryResult<usize> {
    for row in rows {
        diesel::insert_into(event_attempts::table)
            .values(row)
            .execute(conn)
            .await?;
    }
    Ok(rows.len())
}

/// Lanes that are due: who writes is alone.
async fn lock_due(conn: &mut Conn, now: i64, limit: i64) -> diesel::QueryResult<Vec<LaneRow>> {
    let due = event_lanes::table.filter(event_lanes::due_at.le(now));
    due.order(event_lanes::due_at)
        .limit(limit)
        .select(LaneRow::as_select())
        .load(conn)
        .await
}

/// One lane.
async fn lock_lane(conn: &mut Conn, id: &str) -> diesel::QueryResult<Option<LaneRow>> {
    let one = event_lanes::table.find(id).select(LaneRow::as_select());
    one.first(conn).await.optional()
}
