//! Stores events, in an order that no reader sees with a hole.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::IdSource;

use super::notifications::{listeners, notify};
use super::wipes::{forget_user, wiped};
use super::{Conn, insert};
use crate::rules::event::Event;
use crate::store::schema::{event_events as events, event_sequence as sequence};
use crate::store::{Appended, EventRow};

const SEQUENCE: &str = "events";

pub(crate) async fn append_events(
    conn: &mut Conn,
    events: Vec<Event>,
    now: i64,
    ids: IdSource,
) -> Result<Appended, StoreError> {
    // Handed over again, as after a crash, events cost a look and no lock.
    let live = not_wiped(conn, events).await?;
    let fresh = not_stored(conn, live).await?;
    if fresh.is_empty() {
        return Ok(Appended::default());
    }
    let listeners = listeners(conn, fresh.iter().map(|event| event.realm_id.clone()).collect()).await?;
    let count = i64::try_from(fresh.len()).unwrap_or(i64::MAX);
    // The row's lock is held until the commit: whoever gets the next numbers commits later, so a reader who sees a number has
    // every smaller one before it. Numbers that stay unused are holes that nobody ever fills.
    let last: i64 = diesel::update(sequence::table.find(SEQUENCE))
        .set(sequence::last.eq(sequence::last + count))
        .returning(sequence::last)
        .get_result(conn)
        .await?;
    // Before the lock another process may have stored some; behind it nobody can.
    let fresh = not_stored(conn, fresh).await?;
    for event in fresh.iter().filter(|event| event.event_type == "user.deleted") {
        if let Some(user) = &event.user_id {
            forget_user(conn, &event.realm_id, user).await?;
        }
    }
    let rows: Vec<EventRow> = (last - count + 1..)
        .zip(fresh)
        .map(|(seq, event)| EventRow::new(seq, event))
        .collect();
    if !rows.is_empty() {
        insert(conn, &rows).await?;
        notify(conn, &rows, &listeners, (now, &ids)).await?;
    }
    Ok(Appended {
        stored: rows.len(),
        last,
    })
}

/// Leaves out what was on its way when its realm was wiped.
async fn not_wiped(conn: &mut Conn, mut given: Vec<Event>) -> Result<Vec<Event>, StoreError> {
    let mut realms: Vec<String> = given.iter().map(|event| event.realm_id.clone()).collect();
    realms.sort_unstable();
    realms.dedup();
    let wiped = wiped(conn, realms).await?;
    given.retain(|event| wiped.get(&event.realm_id).is_none_or(|up_to| event.id > *up_to));
    Ok(given)
}

/// Leaves out what is stored, and what is there twice.
async fn not_stored(conn: &mut Conn, mut given: Vec<Event>) -> Result<Vec<Event>, StoreError> {
    let ids = given.iter().map(|event| event.id.clone()).collect();
    let stored = events::table.filter(among!(ids)).select(events::id);
    let mut seen: HashSet<String> = stored.load(conn).await?.into_iter().collect();
    given.retain(|event| seen.insert(event.id.clone()));
    Ok(given)
}
