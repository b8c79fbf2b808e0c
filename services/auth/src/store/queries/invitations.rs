//! Invitations.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{EventId, IdSource, Page, Problem};
use gantry_outbox::NewEvent;

use super::orgs::find_org;
use super::outbox::add_events;
use super::{Backend, Conn};
use crate::rules::membership::may_give;
use crate::store::changes::{InvitationFilter, InvitationPatch};
use crate::store::rows::InvitationRow;
use crate::store::schema::{
    auth_invitations as invitations, auth_memberships as memberships, auth_providers as providers, auth_users as users,
};

pub(crate) async fn find_invitation(
    conn: &mut Conn,
    realm: String,
    id: String,
    now: i64,
) -> Result<Option<InvitationRow>, StoreError> {
    let query = invitations::table
        .find(id)
        .filter(invitations::realm_id.eq(realm.clone()))
        .filter(alive!(invitations::id, "nvt_", realm))
        .filter(invitations::expires_at.gt(now));
    Ok(query.select(InvitationRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn find_invited(
    conn: &mut Conn,
    realm: String,
    token_hash: String,
    now: i64,
) -> Result<Option<InvitationRow>, StoreError> {
    let query = invitations::table
        .filter(invitations::token_hash.eq(token_hash))
        .filter(invitations::realm_id.eq(realm.clone()))
        .filter(alive!(invitations::id, "nvt_", realm))
        .filter(invitations::expires_at.gt(now));
    Ok(query.select(InvitationRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_invitations(
    conn: &mut Conn,
    realm: String,
    filter: InvitationFilter,
    now: i64,
    page: Page,
) -> Result<Vec<InvitationRow>, StoreError> {
    let mut query = invitations::table
        .filter(invitations::realm_id.eq(realm.clone()))
        .filter(invitations::expires_at.gt(now))
        .select(InvitationRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(kind) = filter.invitation_type {
        query = query.filter(invitations::invitation_type.eq(kind));
    }
    if let Some(email) = filter.email {
        query = query.filter(invitations::email.eq(email));
    }
    if let Some(org) = filter.org_id {
        query = query.filter(invitations::org_id.eq(org));
    }
    if let Some(user) = filter.inviting_user_id {
        query = query.filter(invitations::inviting_user_id.eq(user));
    }
    query = alive_by_id!(query, invitations::id, "nvt_", realm, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_invitation(
    conn: &mut Conn,
    invitation: InvitationRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    check(conn, &invitation).await?;
    diesel::insert_into(invitations::table)
        .values(&invitation)
        .execute(conn)
        .await?;
    add_events(conn, &holder, &events).await
}

pub(crate) async fn set_invitation(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: InvitationPatch,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<Option<InvitationRow>, StoreError> {
    let live = invitations::table
        .find(id)
        .filter(invitations::realm_id.eq(realm))
        .filter(invitations::expires_at.gt(patch.updated_at));
    let changed: Option<InvitationRow> = diesel::update(live)
        .set(&patch)
        .returning(InvitationRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if let Some(invitation) = &changed {
        if patch.permissions.is_some() || patch.inviting_user_id.is_some() || patch.auth_provider_id.is_some() {
            check(conn, invitation).await?;
        }
        add_events(conn, &holder, &events).await?;
    }
    Ok(changed)
}

pub(crate) async fn remove_invitation(
    conn: &mut Conn,
    realm: String,
    id: String,
    now: i64,
) -> Result<Option<InvitationRow>, StoreError> {
    let live = invitations::table
        .find(id)
        .filter(invitations::realm_id.eq(realm.clone()))
        .filter(alive!(invitations::id, "nvt_", realm))
        .filter(invitations::expires_at.gt(now));
    let gone = diesel::delete(live).returning(InvitationRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}

pub(crate) async fn prune_invitations(
    conn: &mut Conn,
    now: i64,
    limit: i64,
    ids: IdSource,
    holder: String,
) -> Result<usize, StoreError> {
    let over: Vec<String> = invitations::table
        .filter(invitations::expires_at.le(now))
        .order(invitations::expires_at)
        .select(invitations::id)
        .limit(limit)
        .load(conn)
        .await?;
    // Looked at again, since one may have been prolonged meanwhile.
    let still = invitations::table
        .filter(invitations::id.eq_any(&over))
        .filter(invitations::expires_at.le(now));
    let gone: Vec<InvitationRow> = diesel::delete(still)
        .returning(InvitationRow::as_returning())
        .load(conn)
        .await?;
    let expired = gone.into_iter().map(|row| NewEvent {
        id: ids.id::<EventId>().into_string(),
        realm_id: row.realm_id,
        event_type: format!("invitation.{}.expired", row.invitation_type),
        event_at: now,
        invitation_id: Some(row.id),
        org_id: row.org_id,
        ..NewEvent::default()
    });
    let expired: Vec<NewEvent> = expired.collect();
    add_events(conn, &holder, &expired).await?;
    Ok(over.len())
}

/// What an invitation refers to must be of its realm; and whoever invites gives no more than they have (T-35).
async fn check(conn: &mut Conn, invitation: &InvitationRow) -> Result<(), StoreError> {
    if let Some(id) = &invitation.auth_provider_id {
        let provider = providers::table
            .find(id)
            .filter(providers::realm_id.eq(&invitation.realm_id));
        let found: Option<String> = provider.select(providers::id).first(conn).await.optional()?;
        found.ok_or_else(|| Problem::field("auth_provider_id", "not_found"))?;
    }
    if let Some(id) = &invitation.inviting_user_id {
        let user = users::table
            .find(id)
            .filter(users::realm_id.eq(&invitation.realm_id))
            .filter(alive!(users::id, "usr_", &invitation.realm_id));
        let found: Option<String> = user.select(users::id).first(conn).await.optional()?;
        found.ok_or_else(|| Problem::field("inviting_user_id", "not_found"))?;
    }
    let Some(org) = &invitation.org_id else {
        return Ok(());
    };
    let org = find_org(conn, invitation.realm_id.clone(), org.clone()).await?;
    match org {
        None => return Err(Problem::field("org_id", "not_found").into()),
        Some(org) if org.state == "closed" => return Err(Problem::field("org_id", "org_closed").into()),
        Some(_) => {}
    }
    let asked = invitation.permissions.to_strings();
    if grantable(conn, invitation, invitation.updated_at).await? != asked {
        return Err(Problem::field("permissions", "permission_not_held").into());
    }
    Ok(())
}

/// What an invitation's permissions are worth: those that whoever invites may give at this time; all where a back end alone invites.
pub(crate) async fn grantable(
    conn: &mut Conn,
    invitation: &InvitationRow,
    now: i64,
) -> Result<Vec<String>, StoreError> {
    let mut asked = invitation.permissions.to_strings();
    let (Some(user), Some(org)) = (&invitation.inviting_user_id, &invitation.org_id) else {
        return Ok(asked);
    };
    // Whoever is switched off gives nothing any more, neither by what they sent before.
    let membership = memberships::table
        .inner_join(users::table)
        .filter(users::state.eq("active"))
        .filter(memberships::org_id.eq(org))
        .filter(memberships::user_id.eq(user))
        .filter(memberships::expires_at.is_null().or(memberships::expires_at.gt(now)));
    let held: Option<gantry_db::JsonText> = membership
        .select(memberships::permissions)
        .first(conn)
        .await
        .optional()?;
    let held = held.map(|held| held.to_strings()).unwrap_or_default();
    asked.retain(|permission| may_give(&held, permission));
    Ok(asked)
}
