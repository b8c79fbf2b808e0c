//! A user accepts an invitation, all of it in one transaction.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{JsonText, StoreError};
use gantry_kernel::{EventId, IdSource, Problem, Violation};
use gantry_outbox::NewEvent;

use super::Conn;
use super::invitations::grantable;
use super::memberships::insert_membership;
use super::orgs::find_org;
use super::outbox::add_events;
use crate::rules::membership::MOST;
use crate::rules::token::invalid;
use crate::store::changes::Joining;
use crate::store::rows::{InvitationRow, MembershipRow, UserRow};
use crate::store::schema::{auth_invitations as invitations, auth_memberships as memberships, auth_users as users};

pub(crate) async fn accept_invitation(
    conn: &mut Conn,
    joining: Joining,
    ids: IdSource,
    holder: String,
    accepted: NewEvent,
) -> Result<UserRow, StoreError> {
    // Used up first: who comes second finds it gone, and so does who holds a token that was replaced.
    let live = invitations::table
        .find(&joining.invitation.id)
        .filter(invitations::token_hash.eq(&joining.invitation.token_hash))
        .filter(invitations::expires_at.gt(joining.now));
    let invitation: Option<InvitationRow> = diesel::delete(live)
        .returning(InvitationRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let invitation = invitation.ok_or_else(invalid)?;
    let verifies = invitation.invitation_type == "preverify" && !is_verified(conn, &joining.user_id).await?;
    let user = touch(conn, &invitation, &joining).await?;
    let joined = match &invitation.org_id {
        Some(org) => Some(join(conn, &invitation, org, &joining, &ids, &holder).await?),
        None => None,
    };
    let mut events = vec![NewEvent {
        membership_id: joined.as_ref().map(|(id, _)| id.clone()),
        ..accepted.clone()
    }];
    events.extend(verifies.then(|| NewEvent {
        id: ids.id::<EventId>().into_string(),
        event_type: "user.email.verified".to_owned(),
        invitation_id: None,
        ..accepted.clone()
    }));
    events.extend(joined.map(|(membership, event_type)| NewEvent {
        id: ids.id::<EventId>().into_string(),
        event_type: event_type.to_owned(),
        membership_id: Some(membership),
        invitation_id: None,
        ..accepted
    }));
    add_events(conn, &holder, &events).await?;
    Ok(user)
}

async fn is_verified(conn: &mut Conn, user: &str) -> Result<bool, StoreError> {
    let found = users::table.find(user).select(users::email_verification);
    let state: Option<String> = found.first(conn).await.optional()?;
    Ok(state.as_deref() == Some("verified"))
}

/// The user, locked; where the invitation is there to verify an address, it must be theirs, and then is verified.
async fn touch(conn: &mut Conn, invitation: &InvitationRow, joining: &Joining) -> Result<UserRow, StoreError> {
    let user = users::table
        .find(&joining.user_id)
        .filter(users::realm_id.eq(&invitation.realm_id));
    let touched: Option<UserRow> = if invitation.invitation_type == "preverify" {
        let set = (
            users::email_verification.eq("verified"),
            users::updated_at.eq(joining.now),
        );
        diesel::update(user.filter(users::email.eq(&invitation.email)))
            .set(set)
            .returning(UserRow::as_returning())
            .get_result(conn)
            .await
            .optional()?
    } else {
        diesel::update(user)
            .set(users::updated_at.eq(joining.now))
            .returning(UserRow::as_returning())
            .get_result(conn)
            .await
            .optional()?
    };
    Ok(touched.ok_or_else(invalid)?)
}

/// Makes the user a member with the invitation's permissions, or adds them to those of the member; tells the membership and the event.
async fn join(
    conn: &mut Conn,
    invitation: &InvitationRow,
    org: &str,
    joining: &Joining,
    ids: &IdSource,
    holder: &str,
) -> Result<(String, &'static str), StoreError> {
    let found = find_org(conn, invitation.realm_id.clone(), org.to_owned()).await?;
    if found.ok_or_else(invalid)?.state == "closed" {
        return Err(Problem::field("token", "org_closed").into());
    }
    let granted = grantable(conn, invitation, joining.now).await?;
    let there = memberships::table
        .filter(memberships::org_id.eq(org))
        .filter(memberships::user_id.eq(&joining.user_id))
        .filter(
            memberships::expires_at
                .is_null()
                .or(memberships::expires_at.gt(joining.now)),
        );
    let there: Option<MembershipRow> = there.select(MembershipRow::as_select()).first(conn).await.optional()?;
    let Some(there) = there else {
        let row = MembershipRow {
            id: joining.membership_id.clone(),
            realm_id: invitation.realm_id.clone(),
            org_id: org.to_owned(),
            user_id: joining.user_id.clone(),
            permissions: JsonText::strings(&granted),
            expires_at: None,
            created_at: joining.now,
            updated_at: joining.now,
        };
        insert_membership(conn, &row, ids, holder).await?;
        return Ok((row.id, "membership.created"));
    };
    let mut all = there.permissions.to_strings();
    let new: Vec<String> = granted.into_iter().filter(|one| !all.contains(one)).collect();
    all.extend(new);
    if all.len() > MOST {
        let violation = Violation::new("permissions", "permission_too_many").with("max", MOST);
        return Err(Problem::invalid(vec![violation]).into());
    }
    let set = (
        memberships::permissions.eq(JsonText::strings(&all)),
        memberships::updated_at.eq(joining.now),
    );
    diesel::update(memberships::table.find(&there.id))
        .set(set)
        .execute(conn)
        .await?;
    Ok((there.id, "membership.updated"))
}
