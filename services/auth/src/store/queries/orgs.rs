//! Orgs.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Direction, Page, Sort};
use gantry_outbox::NewEvent;

use super::outbox::add_events;
use super::{Backend, Conn};
use crate::store::rows::{MembershipRow, OrgFilter, OrgRow};
use crate::store::schema::{auth_memberships as memberships, auth_orgs as orgs, auth_users as users};

pub(crate) async fn find_org(conn: &mut Conn, realm: String, id: String) -> Result<Option<OrgRow>, StoreError> {
    let query = orgs::table
        .find(id)
        .filter(orgs::realm_id.eq(realm.clone()))
        .filter(alive!(orgs::id, "org_", realm));
    Ok(query.select(OrgRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_orgs(
    conn: &mut Conn,
    realm: String,
    filter: OrgFilter,
    page: Page,
) -> Result<Vec<OrgRow>, StoreError> {
    let mut query = orgs::table
        .filter(orgs::realm_id.eq(realm.clone()))
        .select(OrgRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(state) = filter.state {
        query = query.filter(orgs::state.eq(state));
    }
    if let Some(reference) = filter.reference {
        query = query.filter(orgs::reference.eq(reference));
    }
    if page.sort == Sort::Id {
        query = alive_by_id!(query, orgs::id, "org_", realm, page);
        return Ok(query.load(conn).await?);
    }
    query = query.filter(alive_in_any_order!(orgs::id, "org_", realm.clone()));
    // By name the page starts behind the name and the id of the last org seen; one that is gone by now starts nothing.
    if let Some(after) = page.after {
        let Some(last) = find_org(conn, realm, after).await? else {
            return Ok(Vec::new());
        };
        query = match page.direction {
            Direction::Asc => query.filter(
                orgs::name_key
                    .ge(last.name_key.clone())
                    .and(orgs::name_key.gt(last.name_key.clone()).or(orgs::id.gt(last.id))),
            ),
            Direction::Desc => query.filter(
                orgs::name_key
                    .le(last.name_key.clone())
                    .and(orgs::name_key.lt(last.name_key.clone()).or(orgs::id.lt(last.id))),
            ),
        };
    }
    query = match page.direction {
        Direction::Asc => query.order((orgs::name_key.asc(), orgs::id.asc())),
        Direction::Desc => query.order((orgs::name_key.desc(), orgs::id.desc())),
    };
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_org(
    conn: &mut Conn,
    org: OrgRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    diesel::insert_into(orgs::table).values(&org).execute(conn).await?;
    add_events(conn, &holder, &events).await
}

pub(crate) async fn add_first_org(
    conn: &mut Conn,
    org: OrgRow,
    membership: MembershipRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<bool, StoreError> {
    // Writing the user's row first makes two logins at once wait for each other: only one makes the org.
    let user = users::table.find(&membership.user_id);
    diesel::update(user)
        .set(users::updated_at.eq(membership.created_at))
        .execute(conn)
        .await?;
    let has = memberships::table
        .filter(memberships::user_id.eq(&membership.user_id))
        .select(memberships::id);
    let first: Option<String> = has.first(conn).await.optional()?;
    if first.is_some() {
        return Ok(false);
    }
    insert_owned(conn, &org, &membership).await?;
    add_events(conn, &holder, &events).await?;
    Ok(true)
}

/// Adds an org with its first membership.
pub(crate) async fn insert_owned(conn: &mut Conn, org: &OrgRow, membership: &MembershipRow) -> Result<(), StoreError> {
    diesel::insert_into(orgs::table).values(org).execute(conn).await?;
    diesel::insert_into(memberships::table)
        .values(membership)
        .execute(conn)
        .await?;
    Ok(())
}
