//! Lanes: who delivers what is due to one place. Every process takes those that nobody works on; one that dies loses its own.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::{Conn, lock_due, lock_lane};
use crate::store::LaneRow;
use crate::store::schema::{event_lanes as lanes, event_notifications as notifications};

/// When the first lane is due, by which a process knows whether to take any.
pub(crate) async fn first_due(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    let first = lanes::table.order(lanes::due_at).select(lanes::due_at).limit(1);
    Ok(first.first(conn).await.optional()?)
}

/// Takes lanes that are due, each for one holder until a time.
pub(crate) async fn take_lanes(
    conn: &mut Conn,
    holder: String,
    (now, until): (i64, i64),
    limit: i64,
) -> Result<Vec<LaneRow>, StoreError> {
    let due: Vec<LaneRow> = lock_due(conn, now, limit).await?;
    let ids: Vec<&String> = due.iter().map(|lane| &lane.id).collect();
    if !ids.is_empty() {
        diesel::update(lanes::table.filter(lanes::id.eq_any(ids)))
            .set((lanes::holder.eq(holder), lanes::due_at.eq(until)))
            .execute(conn)
            .await?;
    }
    Ok(due)
}

/// Keeps a lane for its holder; tells whether it is still theirs.
pub(crate) async fn keep_lane(conn: &mut Conn, id: String, holder: String, until: i64) -> Result<bool, StoreError> {
    let own = lanes::table.find(id).filter(lanes::holder.eq(holder));
    Ok(diesel::update(own).set(lanes::due_at.eq(until)).execute(conn).await? > 0)
}

/// Leaves a lane until its next notification is due, and not before it may be tried again; one that has nothing left goes.
pub(crate) async fn leave_lane(
    conn: &mut Conn,
    id: String,
    holder: String,
    (failures, paused_until): (i64, i64),
) -> Result<(), StoreError> {
    // Locked first: what is added from now on finds the lane left, and what was added before is seen below.
    if lock_lane(conn, &id).await?.and_then(|lane| lane.holder) != Some(holder) {
        return Ok(());
    }
    let next: Option<Option<i64>> = notifications::table
        .filter(notifications::lane_id.eq(&id))
        .filter(notifications::due_at.is_not_null())
        .order((notifications::due_at, notifications::id))
        .select(notifications::due_at)
        .limit(1)
        .first(conn)
        .await
        .optional()?;
    match next.flatten() {
        Some(due) => {
            let set = (
                lanes::due_at.eq(due.max(paused_until)),
                lanes::holder.eq(None::<String>),
                lanes::failures.eq(failures),
                lanes::paused_until.eq(paused_until),
            );
            diesel::update(lanes::table.find(id)).set(set).execute(conn).await?;
        }
        None => {
            diesel::delete(lanes::table.find(id)).execute(conn).await?;
        }
    }
    Ok(())
}

/// Has somebody look at a lane now, since its hook was changed.
pub(crate) async fn look_at_lane(conn: &mut Conn, id: String, now: i64) -> Result<(), StoreError> {
    let free = lanes::table.find(id).filter(lanes::holder.is_null());
    let set = (lanes::due_at.eq(now), lanes::failures.eq(0), lanes::paused_until.eq(0));
    diesel::update(free).set(set).execute(conn).await?;
    Ok(())
}

/// Has somebody look at a lane when something new in it is due, and makes it where there is none.
pub(super) async fn put_due(conn: &mut Conn, lane: String, realm: String, due: i64) -> Result<(), StoreError> {
    // Whoever works on the lane looks for what came meanwhile before leaving it; one that is paused stays so.
    let free = lanes::holder.is_null();
    let at_once = free.and(lanes::paused_until.le(due)).and(lanes::due_at.gt(due));
    let after_the_pause = free
        .and(lanes::paused_until.gt(due))
        .and(lanes::due_at.gt(lanes::paused_until));
    let soonest = case_when(at_once, due.into_sql::<BigInt>())
        .when(after_the_pause, lanes::paused_until)
        .otherwise(lanes::due_at);
    diesel::insert_into(lanes::table)
        .values((
            lanes::id.eq(lane),
            lanes::realm_id.eq(realm),
            lanes::due_at.eq(due),
            lanes::failures.eq(0),
            lanes::paused_until.eq(0),
        ))
        .on_conflict(lanes::id)
        .do_update()
        .set(lanes::due_at.eq(soonest))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has somebody look at a lane now, whether it is paused or not, and makes it where there is none.
pub(super) async fn wake(conn: &mut Conn, lane: String, realm: String, now: i64) -> Result<(), StoreError> {
    put_due(conn, lane.clone(), realm, now).await?;
    look_at_lane(conn, lane, now).await
}
