//! Notifications: made with their events, read with them, and taken through their attempts.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{JsonText, StoreError};
use gantry_kernel::{IdSource, NotificationId};

use super::lanes::put_due;
use super::{Conn, insert_attempts, insert_notifications};
use crate::rules::notify::{Listener, told};
use crate::store::schema::{event_events as events, event_hooks as hooks, event_notifications as notifications};
use crate::store::{AttemptRow, Attempted, EventRow, NotificationRow};

/// How long what is told in order is held back, in milliseconds: the outboxes of several processes are emptied each in its own time,
/// and a dead one's by another within seconds. What was done before, and is stored behind, still comes first.
const HOLD_MS: i64 = 6_000;
/// Rows that one transaction calls off.
const BATCH: i64 = 500;

/// The hooks of realms, as far as it matters to whom they listen.
pub(super) async fn listeners(
    conn: &mut Conn,
    mut realms: Vec<String>,
) -> Result<HashMap<String, Vec<Listener>>, StoreError> {
    realms.sort_unstable();
    realms.dedup();
    let rows: Vec<(String, String, String, String, JsonText, i64, bool)> = hooks::table
        .filter(hooks::realm_id.eq_any(realms))
        .select((
            hooks::realm_id,
            hooks::id,
            hooks::hook_type,
            hooks::state,
            hooks::event_types,
            hooks::delay,
            hooks::ordered,
        ))
        .load(conn)
        .await?;
    let mut found: HashMap<String, Vec<Listener>> = HashMap::new();
    for (realm, id, hook_type, state, event_types, delay, ordered) in rows {
        found.entry(realm).or_default().push(Listener {
            id,
            hook_type,
            active: state == "active",
            event_types: event_types.to_strings(),
            delay,
            ordered,
        });
    }
    Ok(found)
}

/// Makes the notifications of new events, and has somebody look at their lanes when the first is due.
pub(super) async fn notify(
    conn: &mut Conn,
    rows: &[EventRow],
    listeners: &HashMap<String, Vec<Listener>>,
    (now, ids): (i64, &IdSource),
) -> Result<(), StoreError> {
    let mut made = Vec::new();
    // In order, so that two who meet the same lanes meet them in the same order.
    let mut first: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for row in rows {
        let hooks = listeners.get(&row.realm_id).map_or(&[][..], Vec::as_slice);
        for told in told(&row.event_type, hooks) {
            let lane = told.hook_id.clone().unwrap_or_else(|| row.realm_id.clone());
            let order_key = told.ordered.then(|| order_key(row)).flatten();
            let delay = told.delay.saturating_mul(1000);
            let held = if order_key.is_some() { HOLD_MS } else { 0 };
            let due = now.saturating_add(delay.max(held));
            let lane_due = first.entry(lane.clone()).or_insert((row.realm_id.clone(), due));
            lane_due.1 = lane_due.1.min(due);
            made.push(NotificationRow {
                id: ids.id::<NotificationId>().into_string(),
                event_seq: row.seq,
                event_id: row.id.clone(),
                lane_id: lane,
                hook_id: told.hook_id,
                hook_type: told.hook_type,
                state: "in_progress".to_owned(),
                attempts: 0,
                due_at: Some(due),
                last_attempt_at: None,
                last_destination: None,
                last_result: None,
                order_key,
                attempts_before: 0,
            });
        }
    }
    if made.is_empty() {
        return Ok(());
    }
    insert_notifications(conn, &made).await?;
    for (lane, (realm, due)) in first {
        put_due(conn, lane, realm, due).await?;
    }
    Ok(())
}

/// Whose events are told one after the other: a user's, else an org's.
fn order_key(event: &EventRow) -> Option<String> {
    event.user_id.clone().or_else(|| event.org_id.clone())
}

pub(crate) async fn list_notifications(conn: &mut Conn, of: Vec<String>) -> Result<Vec<NotificationRow>, StoreError> {
    let query = notifications::table.filter(notifications::event_id.eq_any(of));
    let mut rows: Vec<NotificationRow> = query.select(NotificationRow::as_select()).load(conn).await?;
    rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

/// What is due in a lane, oldest first, with the events; an event that was wiped is told to nobody.
pub(crate) async fn list_due(
    conn: &mut Conn,
    lane: String,
    now: i64,
    limit: i64,
) -> Result<Vec<(NotificationRow, Option<EventRow>)>, StoreError> {
    let due = due(conn, &lane, now, limit).await?;
    with_events(conn, due).await
}

/// What is due in a lane, oldest first.
pub(super) async fn due(conn: &mut Conn, lane: &str, now: i64, limit: i64) -> Result<Vec<NotificationRow>, StoreError> {
    let due = notifications::table
        .filter(notifications::lane_id.eq(lane))
        .filter(notifications::due_at.le(now));
    Ok(due
        .order((notifications::due_at, notifications::id))
        .limit(limit)
        .select(NotificationRow::as_select())
        .load(conn)
        .await?)
}

/// Notifications with what they tell.
pub(super) async fn with_events(
    conn: &mut Conn,
    rows: Vec<NotificationRow>,
) -> Result<Vec<(NotificationRow, Option<EventRow>)>, StoreError> {
    let ids = rows.iter().map(|row| row.event_id.clone()).collect();
    let told = events::table.filter(among!(ids)).filter(not_wiped!());
    let told: Vec<EventRow> = told.select(EventRow::as_select()).load(conn).await?;
    let by_id: HashMap<String, EventRow> = told.into_iter().map(|row| (row.id.clone(), row)).collect();
    let with_event = |row: NotificationRow| {
        let event = by_id.get(&row.event_id).cloned();
        (row, event)
    };
    Ok(rows.into_iter().map(with_event).collect())
}

/// Notes down what came of attempts, each unless somebody else has noted it down meanwhile; tells which were.
pub(crate) async fn note_attempts(conn: &mut Conn, tried: Vec<Attempted>) -> Result<Vec<bool>, StoreError> {
    let mut noted = Vec::with_capacity(tried.len());
    let mut log = Vec::with_capacity(tried.len());
    for now in tried {
        let counts = i64::from(now.took_ms.is_some());
        let same = notifications::table
            .find(now.id.clone())
            .filter(notifications::state.eq("in_progress"))
            .filter(notifications::attempts.eq(now.before));
        let set = (
            notifications::state.eq(now.state),
            notifications::attempts.eq(now.before + counts),
            notifications::due_at.eq(now.due_at),
            notifications::last_attempt_at.eq(now.at),
            notifications::last_destination.eq(&now.destination),
            notifications::last_result.eq(&now.result),
        );
        let first = diesel::update(same).set(set).execute(conn).await? > 0;
        noted.push(first);
        if let Some(took_ms) = now.took_ms.filter(|_| first) {
            log.push(AttemptRow {
                notification_id: now.id,
                number: now.before + 1,
                at: now.at,
                took_ms,
                delivered: now.delivered,
                status: now.status,
                destination: now.destination,
                result: now.result,
            });
        }
    }
    insert_attempts(conn, &log).await?;
    Ok(noted)
}

/// Calls off what a lane has still to deliver, a batch of it; tells whether there may be more.
pub(crate) async fn call_off(conn: &mut Conn, lane: String, why: String) -> Result<bool, StoreError> {
    let open = notifications::table
        .filter(notifications::lane_id.eq(lane))
        .filter(notifications::due_at.is_not_null());
    let ids: Vec<String> = open
        .select(notifications::id)
        .order((notifications::due_at, notifications::id))
        .limit(BATCH)
        .load(conn)
        .await?;
    let count = ids.len();
    diesel::update(notifications::table.filter(notifications::id.eq_any(ids)))
        .set((
            notifications::state.eq("canceled"),
            notifications::due_at.eq(None::<i64>),
            notifications::last_result.eq(why),
        ))
        .execute(conn)
        .await?;
    Ok(i64::try_from(count).is_ok_and(|count| count >= BATCH))
}

/// Removes notifications of hidden events in a stretch of ids, with the log of their attempts; tells whether there may be more.
pub(crate) async fn forget_notifications(
    conn: &mut Conn,
    from: String,
    to: String,
    limit: i64,
) -> Result<bool, StoreError> {
    let found: Vec<(String, String)> = notifications::table
        .filter(notifications::event_id.ge(from))
        .filter(notifications::event_id.lt(to))
        .order(notifications::event_id)
        .limit(limit)
        .select((notifications::id, notifications::event_id))
        .load(conn)
        .await?;
    let of = found.iter().map(|(_, event)| event.clone()).collect();
    let shown = events::table.filter(among!(of)).filter(not_wiped!());
    let shown: HashSet<String> = shown.select(events::id).load(conn).await?.into_iter().collect();
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count >= limit);
    let hidden = found.into_iter().filter(|(_, event)| !shown.contains(event));
    let ids: Vec<String> = hidden.map(|(id, _)| id).collect();
    let gone = diesel::delete(notifications::table.filter(notifications::id.eq_any(ids)))
        .execute(conn)
        .await?;
    Ok(is_full && gone > 0)
}
