//! Notifications of the past: listed, shown with their attempts, and begun anew.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::Direction;

use super::lanes::wake;
use super::notifications::with_events;
use super::{Backend, Conn};
use crate::rules::replay::Range;
use crate::store::schema::{
    event_attempts as attempts, event_events as events, event_hooks as hooks, event_notifications as notifications,
};
use crate::store::{AttemptRow, EventRow, NotificationRow};

/// The attempts that are shown of one notification, the latest.
const ATTEMPTS: i64 = 100;

/// A page of what was told to one place or to several, with the events; `fetch` of each are read, and as many are left.
pub(crate) async fn list_history(
    conn: &mut Conn,
    lanes: Vec<String>,
    range: Range,
    (after, direction, fetch): (Option<String>, Direction, i64),
) -> Result<Vec<(NotificationRow, Option<EventRow>)>, StoreError> {
    let mut rows: Vec<NotificationRow> = Vec::new();
    for lane in &lanes {
        for state in &range.states {
            let found = in_range(lane, state, &range, (after.as_ref(), direction, fetch));
            let found = found.select(NotificationRow::as_select());
            rows.extend(found.load(conn).await?);
        }
    }
    rows.sort_unstable_by(|a, b| match direction {
        Direction::Asc => a.id.cmp(&b.id),
        Direction::Desc => b.id.cmp(&a.id),
    });
    rows.truncate(usize::try_from(fetch).unwrap_or(usize::MAX));
    with_events(conn, rows).await
}

/// A notification of a realm, with its event.
pub(crate) async fn find_notification(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<(NotificationRow, EventRow)>, StoreError> {
    let row: Option<NotificationRow> = notifications::table
        .find(id)
        .select(NotificationRow::as_select())
        .first(conn)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let event = events::table
        .filter(events::id.eq(&row.event_id).and(events::realm_id.eq(realm)))
        .filter(not_wiped!());
    let event: Option<EventRow> = event.select(EventRow::as_select()).first(conn).await.optional()?;
    Ok(event.map(|event| (row, event)))
}

/// The latest attempts of a notification, in order.
pub(crate) async fn list_attempts(conn: &mut Conn, notification: String) -> Result<Vec<AttemptRow>, StoreError> {
    let mut rows: Vec<AttemptRow> = attempts::table
        .filter(attempts::notification_id.eq(notification))
        .order(attempts::number.desc())
        .limit(ATTEMPTS)
        .select(AttemptRow::as_select())
        .load(conn)
        .await?;
    rows.reverse();
    Ok(rows)
}

/// The places that a realm's events are told to now: its hooks that are active, and itself, for the mails that are built in.
pub(crate) async fn list_lanes(conn: &mut Conn, realm: String) -> Result<Vec<String>, StoreError> {
    let active = hooks::table
        .filter(hooks::realm_id.eq(&realm))
        .filter(hooks::state.eq("active"))
        .order(hooks::id)
        .select(hooks::id);
    let mut lanes: Vec<String> = active.load(conn).await?;
    lanes.push(realm);
    Ok(lanes)
}

/// Begins one anew, at once.
pub(crate) async fn replay_one(
    conn: &mut Conn,
    realm: String,
    row: NotificationRow,
    now: i64,
) -> Result<(), StoreError> {
    begin_anew(conn, vec![row.id], now).await?;
    wake(conn, row.lane_id, realm, now).await
}

/// Begins at most `limit` anew, the oldest of all places first; answers their ids, in order.
pub(crate) async fn replay(
    conn: &mut Conn,
    realm: String,
    lanes: Vec<String>,
    range: Range,
    part: (Option<String>, i64, i64),
) -> Result<Vec<String>, StoreError> {
    let (after, limit, now) = part;
    let mut chosen: Vec<(String, String)> = Vec::new();
    for lane in &lanes {
        for state in &range.states {
            let found = in_range(lane, state, &range, (after.as_ref(), Direction::Asc, limit));
            let found = found.select((notifications::id, notifications::lane_id));
            chosen.extend(found.load::<(String, String)>(conn).await?);
        }
    }
    chosen.sort_unstable();
    chosen.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let ids: Vec<String> = chosen.iter().map(|(id, _)| id.clone()).collect();
    begin_anew(conn, ids.clone(), now).await?;
    let awake: BTreeSet<String> = chosen.into_iter().map(|(_, lane)| lane).collect();
    for lane in awake {
        wake(conn, lane, realm.clone(), now).await?;
    }
    Ok(ids)
}

/// What of a place is in a state and made in a stretch of time, behind an id.
fn in_range(
    lane: &str,
    state: &'static str,
    range: &Range,
    (after, direction, limit): (Option<&String>, Direction, i64),
) -> notifications::BoxedQuery<'static, Backend> {
    let mut found = notifications::table
        .filter(notifications::lane_id.eq(lane.to_owned()))
        .filter(notifications::state.eq(state))
        .limit(limit)
        .into_boxed();
    // Of two bounds on a side, SQLite finds by one and walks to the other: the nearer is enough.
    let (behind, under) = match direction {
        Direction::Asc => (after, None),
        Direction::Desc => (None, after),
    };
    found = match (behind, &range.from) {
        (Some(behind), from) if from.as_ref().is_none_or(|from| from <= behind) => {
            found.filter(notifications::id.gt(behind.clone()))
        }
        (_, Some(from)) => found.filter(notifications::id.ge(from.clone())),
        (_, None) => found,
    };
    found = match (under, &range.before) {
        (Some(under), before) if before.as_ref().is_none_or(|before| under < before) => {
            found.filter(notifications::id.lt(under.clone()))
        }
        (_, Some(before)) => found.filter(notifications::id.lt(before.clone())),
        (_, None) => found,
    };
    match direction {
        Direction::Asc => found.order(notifications::id.asc()),
        Direction::Desc => found.order(notifications::id.desc()),
    }
}

/// What is begun anew is due now, and has all its attempts before it again.
async fn begin_anew(conn: &mut Conn, ids: Vec<String>, now: i64) -> Result<(), StoreError> {
    for part in ids.chunks(500) {
        diesel::update(notifications::table.filter(notifications::id.eq_any(part.to_vec())))
            .set((
                notifications::state.eq("in_progress"),
                notifications::due_at.eq(now),
                notifications::attempts_before.eq(notifications::attempts),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}
