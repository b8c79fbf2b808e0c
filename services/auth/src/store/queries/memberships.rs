//! Memberships, with the user and the org they join.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{IdSource, Page, Problem};
use gantry_outbox::NewEvent;

use super::membership_changes::ended;
use super::orgs::find_org;
use super::outbox::add_events;
use super::{Backend, Conn};
use crate::store::rows::{MembershipRow, OrgRow, UserRow};
use crate::store::schema::{auth_memberships as memberships, auth_orgs as orgs, auth_users as users};

type Joined = (MembershipRow, UserRow, OrgRow);

pub(crate) async fn find_membership(conn: &mut Conn, realm: String, id: String) -> Result<Option<Joined>, StoreError> {
    let query = memberships::table
        .inner_join(users::table)
        .inner_join(orgs::table)
        .filter(memberships::id.eq(id))
        .filter(memberships::realm_id.eq(realm.clone()))
        .filter(alive!(memberships::id, "mb_", realm));
    let select = (MembershipRow::as_select(), UserRow::as_select(), OrgRow::as_select());
    Ok(query.select(select).first(conn).await.optional()?)
}

pub(crate) async fn list_memberships(
    conn: &mut Conn,
    realm: String,
    org: Option<String>,
    user: Option<String>,
    now: i64,
    page: Page,
) -> Result<Vec<Joined>, StoreError> {
    let mut query = memberships::table
        .inner_join(users::table)
        .inner_join(orgs::table)
        .filter(memberships::realm_id.eq(realm.clone()))
        .filter(memberships::expires_at.is_null().or(memberships::expires_at.gt(now)))
        .select((MembershipRow::as_select(), UserRow::as_select(), OrgRow::as_select()))
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(org) = org {
        query = query.filter(memberships::org_id.eq(org));
    }
    if let Some(user) = user {
        query = query.filter(memberships::user_id.eq(user));
    }
    query = alive_by_id!(query, memberships::id, "mb_", realm, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn list_accounts_of(
    conn: &mut Conn,
    realm: String,
    user: String,
    now: i64,
    limit: i64,
) -> Result<Vec<(MembershipRow, OrgRow)>, StoreError> {
    let query = memberships::table
        .inner_join(orgs::table)
        .filter(memberships::user_id.eq(user))
        .filter(memberships::realm_id.eq(realm.clone()))
        .filter(alive!(memberships::id, "mb_", realm))
        .filter(memberships::expires_at.is_null().or(memberships::expires_at.gt(now)))
        .filter(orgs::state.eq("active"))
        .order(memberships::id)
        .limit(limit);
    Ok(query
        .select((MembershipRow::as_select(), OrgRow::as_select()))
        .load(conn)
        .await?)
}

pub(crate) async fn list_accounts_together(
    conn: &mut Conn,
    users: Vec<String>,
    now: i64,
    limit: i64,
) -> Result<Vec<(MembershipRow, OrgRow)>, StoreError> {
    let query = memberships::table
        .inner_join(orgs::table)
        .filter(memberships::user_id.eq_any(users))
        .filter(memberships::expires_at.is_null().or(memberships::expires_at.gt(now)))
        .filter(orgs::state.eq("active"))
        .order((memberships::user_id, memberships::id))
        .limit(limit);
    Ok(query
        .select((MembershipRow::as_select(), OrgRow::as_select()))
        .load(conn)
        .await?)
}

pub(crate) async fn find_account(
    conn: &mut Conn,
    realm: String,
    user: String,
    org: String,
    now: i64,
) -> Result<Option<(MembershipRow, OrgRow)>, StoreError> {
    let query = memberships::table
        .inner_join(orgs::table)
        .filter(memberships::org_id.eq(org))
        .filter(memberships::user_id.eq(user))
        .filter(memberships::realm_id.eq(realm.clone()))
        .filter(alive!(memberships::id, "mb_", realm))
        .filter(memberships::expires_at.is_null().or(memberships::expires_at.gt(now)))
        .filter(orgs::state.eq("active"));
    Ok(query
        .select((MembershipRow::as_select(), OrgRow::as_select()))
        .first(conn)
        .await
        .optional()?)
}

pub(crate) async fn add_membership(
    conn: &mut Conn,
    membership: MembershipRow,
    ids: IdSource,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(UserRow, OrgRow), StoreError> {
    let user = users::table
        .find(&membership.user_id)
        .filter(users::realm_id.eq(&membership.realm_id))
        .filter(alive!(users::id, "usr_", membership.realm_id.clone()));
    let user: Option<UserRow> = user.select(UserRow::as_select()).first(conn).await.optional()?;
    let user = user.ok_or_else(|| Problem::field("user_id", "not_found"))?;
    let org = find_org(conn, membership.realm_id.clone(), membership.org_id.clone()).await?;
    let org = org.ok_or_else(|| Problem::field("org_id", "not_found"))?;
    if org.state == "closed" {
        return Err(Problem::field("org_id", "org_closed").into());
    }
    insert_membership(conn, &membership, &ids, &holder).await?;
    add_events(conn, &holder, &events).await?;
    Ok((user, org))
}

/// Adds a membership of a user and an org that were looked at in this transaction.
pub(crate) async fn insert_membership(
    conn: &mut Conn,
    membership: &MembershipRow,
    ids: &IdSource,
    holder: &str,
) -> Result<(), StoreError> {
    // An expired membership stands in nobody's way; it only has not been pruned yet.
    let expired = memberships::table
        .filter(memberships::org_id.eq(&membership.org_id))
        .filter(memberships::user_id.eq(&membership.user_id))
        .filter(memberships::expires_at.le(membership.created_at));
    let over: Vec<MembershipRow> = diesel::delete(expired)
        .returning(MembershipRow::as_returning())
        .load(conn)
        .await?;
    let told: Vec<NewEvent> = over
        .into_iter()
        .map(|row| ended(ids, membership.created_at, row))
        .collect();
    add_events(conn, holder, &told).await?;
    diesel::insert_into(memberships::table)
        .values(membership)
        .execute(conn)
        .await?;
    Ok(())
}
