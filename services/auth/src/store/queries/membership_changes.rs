//! Changes of memberships that are there already.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{EventId, IdSource};
use gantry_outbox::NewEvent;

use super::Conn;
use super::outbox::add_events;
use crate::store::changes::MembershipPatch;
use crate::store::rows::MembershipRow;
use crate::store::schema::auth_memberships as memberships;

pub(crate) async fn set_membership(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: MembershipPatch,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<Option<MembershipRow>, StoreError> {
    let live = memberships::table
        .find(id)
        .filter(memberships::realm_id.eq(realm))
        .filter(
            memberships::expires_at
                .is_null()
                .or(memberships::expires_at.gt(patch.updated_at)),
        );
    let changed: Option<MembershipRow> = diesel::update(live)
        .set(&patch)
        .returning(MembershipRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if changed.is_some() {
        add_events(conn, &holder, &events).await?;
    }
    Ok(changed)
}

pub(crate) async fn remove_membership(
    conn: &mut Conn,
    realm: String,
    id: String,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<bool, StoreError> {
    let one = memberships::table.find(id).filter(memberships::realm_id.eq(realm));
    if diesel::delete(one).execute(conn).await? == 0 {
        return Ok(false);
    }
    add_events(conn, &holder, &events).await?;
    Ok(true)
}

pub(crate) async fn prune_memberships(
    conn: &mut Conn,
    now: i64,
    limit: i64,
    ids: IdSource,
    holder: String,
) -> Result<usize, StoreError> {
    let over: Vec<String> = memberships::table
        .filter(memberships::expires_at.le(now))
        .order(memberships::expires_at)
        .select(memberships::id)
        .limit(limit)
        .load(conn)
        .await?;
    // Looked at again, since one may have been prolonged meanwhile.
    let still = memberships::table
        .filter(memberships::id.eq_any(&over))
        .filter(memberships::expires_at.le(now));
    let gone: Vec<MembershipRow> = diesel::delete(still)
        .returning(MembershipRow::as_returning())
        .load(conn)
        .await?;
    let told: Vec<NewEvent> = gone.into_iter().map(|row| ended(&ids, now, row)).collect();
    add_events(conn, &holder, &told).await?;
    Ok(over.len())
}

/// The event of a membership that time ended.
pub(crate) fn ended(ids: &IdSource, now: i64, row: MembershipRow) -> NewEvent {
    NewEvent {
        id: ids.id::<EventId>().into_string(),
        realm_id: row.realm_id,
        event_type: "membership.deleted".to_owned(),
        event_at: now,
        membership_id: Some(row.id),
        org_id: Some(row.org_id),
        user_id: Some(row.user_id),
        ..NewEvent::default()
    }
}
