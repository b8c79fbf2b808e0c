//! Changes of orgs that are there already.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::Problem;
use gantry_outbox::NewEvent;

use super::Conn;
use super::orgs::find_org;
use super::outbox::add_events;
use crate::store::changes::OrgPatch;
use crate::store::rows::OrgRow;
use crate::store::schema::auth_orgs as orgs;

pub(crate) async fn set_org(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: OrgPatch,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<Option<OrgRow>, StoreError> {
    let open = orgs::table
        .find(&id)
        .filter(orgs::realm_id.eq(&realm))
        .filter(alive!(orgs::id, "org_", realm.clone()))
        .filter(orgs::state.ne("closed"));
    let changed: Option<OrgRow> = diesel::update(open)
        .set(&patch)
        .returning(OrgRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if changed.is_some() {
        add_events(conn, &holder, &events).await?;
        return Ok(changed);
    }
    // Closed is final.
    match find_org(conn, realm, id).await? {
        Some(_) => Err(Problem::field("state", "org_closed").into()),
        None => Ok(None),
    }
}

pub(crate) async fn close_org(
    conn: &mut Conn,
    realm: String,
    id: String,
    now: i64,
    holder: String,
    event: NewEvent,
) -> Result<Option<OrgRow>, StoreError> {
    let open = orgs::table
        .find(&id)
        .filter(orgs::realm_id.eq(&realm))
        .filter(alive!(orgs::id, "org_", realm.clone()))
        .filter(orgs::state.ne("closed"));
    let closed: Option<OrgRow> = diesel::update(open)
        .set((orgs::state.eq("closed"), orgs::updated_at.eq(now)))
        .returning(OrgRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if closed.is_some() {
        add_events(conn, &holder, &[event]).await?;
        return Ok(closed);
    }
    // It may have been closed before: asking again is no error, and nothing new to tell.
    find_org(conn, realm, id).await
}

pub(crate) async fn remove_org(
    conn: &mut Conn,
    realm: String,
    id: String,
    holder: String,
    event: NewEvent,
) -> Result<Option<OrgRow>, StoreError> {
    // Memberships and invitations go with the row.
    let org = orgs::table
        .find(id)
        .filter(orgs::realm_id.eq(realm.clone()))
        .filter(alive!(orgs::id, "org_", realm));
    let gone: Option<OrgRow> = diesel::delete(org)
        .returning(OrgRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if gone.as_ref().is_some_and(|org| org.state != "closed") {
        add_events(conn, &holder, &[event]).await?;
    }
    Ok(gone)
}
