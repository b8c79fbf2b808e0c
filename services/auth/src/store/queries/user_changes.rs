//! Changes of users that are there already, each with all that follows from it in one transaction.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_outbox::NewEvent;

use super::Conn;
use super::outbox::add_events;
use super::tasks::add_task;
use super::tokens::{add_token, remove_tokens, take_token};
use super::wipes::make_room;
use crate::rules::token::invalid;
use crate::store::changes::UserChange;
use crate::store::rows::{CredentialRow, TaskRow, TokenRow, UserRow};
use crate::store::schema::{auth_credentials as credentials, auth_tokens as tokens, auth_users as users};

pub(crate) async fn set_user(
    conn: &mut Conn,
    change: UserChange,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<Option<UserRow>, StoreError> {
    let UserChange {
        realm_id,
        id,
        mut patch,
        credential,
        tokens: fresh,
        task,
    } = change;
    // The first write locks the row, so that what is compared with it stays true until the commit.
    let Some(old) = touch(conn, &realm_id, &id, patch.updated_at).await? else {
        return Ok(None);
    };
    let moved = patch.email.as_ref().is_some_and(|email| *email != old.email);
    if moved {
        // A new address is not the one that was verified, nor the one that another was to replace.
        patch.email_verification.get_or_insert_with(|| "none".to_owned());
        patch.email_pending.get_or_insert(None);
    }
    let asleep = patch.state.as_deref() == Some("inactive");
    if moved || asleep || credential.is_some() {
        remove_tokens(conn, &id).await?;
    } else if patch.email_pending.is_some() {
        let earlier = tokens::table
            .filter(tokens::user_id.eq(&id))
            .filter(tokens::purpose.eq("tue"));
        diesel::delete(earlier).execute(conn).await?;
    }
    let username = patch.username_key.as_ref().and_then(Option::as_deref);
    make_room(conn, &realm_id, patch.email.as_deref(), username).await?;
    let user = diesel::update(users::table.find(&id))
        .set(&patch)
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await?;
    if let Some(credential) = &credential {
        set_password(conn, credential).await?;
    }
    for token in fresh {
        add_token(conn, token, holder.clone(), Vec::new()).await?;
    }
    if let Some(task) = &task {
        add_task(conn, task).await?;
    }
    add_events(conn, &holder, &events).await?;
    Ok(Some(user))
}

pub(crate) async fn reset_password(
    conn: &mut Conn,
    token: TokenRow,
    credential: CredentialRow,
    task: TaskRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<UserRow, StoreError> {
    let now = credential.updated_at;
    take_token(conn, &token, now).await?;
    let user = touch(conn, &token.realm_id, &token.user_id, now).await?;
    let good = user.filter(|user| user.state == "active" && user.email == token.email);
    let user = good.ok_or_else(invalid)?;
    set_password(conn, &credential).await?;
    remove_tokens(conn, &user.id).await?;
    // Whoever had the account before may not have owned its address: no other way in than the new password is left to them, neither
    // a passkey nor a provider's user (T-05).
    if user.email_verification != "verified" {
        let other_ways_in = credentials::table
            .filter(credentials::user_id.eq(&user.id))
            .filter(credentials::credential_type.ne_all(["password", "totp"]));
        diesel::delete(other_ways_in).execute(conn).await?;
    }
    add_task(conn, &task).await?;
    add_events(conn, &holder, &events).await?;
    Ok(user)
}

pub(crate) async fn remove_user(
    conn: &mut Conn,
    realm: String,
    id: String,
    task: TaskRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<Option<UserRow>, StoreError> {
    // Credentials, memberships and tokens go with the row.
    let user = users::table.find(id).filter(users::realm_id.eq(realm));
    let gone: Option<UserRow> = diesel::delete(user)
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if gone.is_some() {
        add_task(conn, &task).await?;
        add_events(conn, &holder, &events).await?;
    }
    Ok(gone)
}

async fn touch(conn: &mut Conn, realm: &str, id: &str, now: i64) -> Result<Option<UserRow>, StoreError> {
    let user = users::table.find(id).filter(users::realm_id.eq(realm));
    let touched = diesel::update(user)
        .set(users::updated_at.eq(now))
        .returning(UserRow::as_returning());
    Ok(touched.get_result(conn).await.optional()?)
}

/// Gives a user a password: in the credential that is there, or in a new one.
async fn set_password(conn: &mut Conn, credential: &CredentialRow) -> Result<(), StoreError> {
    let there = credentials::table
        .filter(credentials::user_id.eq(&credential.user_id))
        .filter(credentials::credential_type.eq("password"));
    let set = (
        credentials::secret.eq(&credential.secret),
        credentials::updated_at.eq(credential.updated_at),
    );
    if diesel::update(there).set(set).execute(conn).await? == 0 {
        diesel::insert_into(credentials::table)
            .values(credential)
            .execute(conn)
            .await?;
    }
    Ok(())
}
