//! What is due in a lane whose hook is told a user's events in order: of each user the oldest that is not told yet, and no other.

use std::collections::{BTreeSet, HashMap};

use diesel::dsl::min;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use super::notifications::{due, with_events};
use crate::store::schema::event_notifications as notifications;
use crate::store::{EventRow, NotificationRow};

/// What is due, each user's oldest alone. What waits behind one that is due later is put off until then: so it is not looked at
/// again and again, and the next look finds something else.
pub(crate) async fn list_due_in_order(
    conn: &mut Conn,
    lane: String,
    now: i64,
    limit: i64,
) -> Result<Vec<(NotificationRow, Option<EventRow>)>, StoreError> {
    let due = due(conn, &lane, now, limit).await?;
    let keys: BTreeSet<String> = due.iter().filter_map(|row| row.order_key.clone()).collect();
    let oldest = oldest_of(conn, &lane, keys.into_iter().collect()).await?;
    let mut ready: Vec<NotificationRow> = Vec::new();
    let mut behind: HashMap<i64, Vec<String>> = HashMap::new();
    for row in due {
        let head = row.order_key.as_ref().and_then(|key| oldest.get(key));
        match head {
            Some(head) if head.event_id < row.event_id => {
                if let Some(later) = head.due_at.filter(|later| *later > now) {
                    behind.entry(later).or_default().push(row.id);
                }
            }
            Some(_) => {}
            None => ready.push(row),
        }
    }
    // Heads are taken from their own list, not from the page: one may have been due behind its followers.
    ready.extend(
        oldest
            .into_values()
            .filter(|head| head.due_at.is_some_and(|due| due <= now)),
    );
    ready.sort_unstable_by(|a, b| a.event_id.cmp(&b.event_id));
    for (later, ids) in behind {
        diesel::update(notifications::table.filter(notifications::id.eq_any(ids)))
            .set(notifications::due_at.eq(later))
            .execute(conn)
            .await?;
    }
    with_events(conn, ready).await
}

/// The oldest that is not told yet, of each of these users.
async fn oldest_of(
    conn: &mut Conn,
    lane: &str,
    keys: Vec<String>,
) -> Result<HashMap<String, NotificationRow>, StoreError> {
    let open = notifications::table
        .filter(notifications::lane_id.eq(lane))
        .filter(notifications::order_key.eq_any(keys.clone()))
        .filter(
            notifications::due_at
                .is_not_null()
                .and(notifications::order_key.is_not_null()),
        );
    let first: Vec<Option<String>> = open
        .group_by(notifications::order_key)
        .select(min(notifications::event_id))
        .load(conn)
        .await?;
    let ids: Vec<String> = first.into_iter().flatten().collect();
    let rows: Vec<NotificationRow> = notifications::table
        .filter(notifications::lane_id.eq(lane))
        .filter(notifications::order_key.eq_any(keys))
        .filter(notifications::event_id.eq_any(ids))
        .filter(
            notifications::due_at
                .is_not_null()
                .and(notifications::order_key.is_not_null()),
        )
        .select(NotificationRow::as_select())
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.order_key.clone()?, row)))
        .collect())
}
