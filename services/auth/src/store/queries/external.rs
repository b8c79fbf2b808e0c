//! Sign-ins at external providers: a state is used up and a user is found, tied or made, in one transaction.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{IdSource, Problem, Reason};

use super::outbox::add_events;
use super::tasks::add_task;
use super::tokens::remove_tokens;
use super::{Conn, wipes};
use crate::rules::task::{Task, Work};
use crate::store::external::{ExternalLogin, ExternalUser};
use crate::store::rows::{CredentialRow, TaskRow, UserRow};
use crate::store::schema::{
    auth_credentials as credentials, auth_external_states as states, auth_recovery_codes as codes, auth_users as users,
};

pub(crate) async fn is_state_used(conn: &mut Conn, id: String) -> Result<bool, StoreError> {
    let found: Option<String> = states::table.find(id).select(states::id).first(conn).await.optional()?;
    Ok(found.is_some())
}

pub(crate) async fn external_sign_in(
    conn: &mut Conn,
    login: ExternalLogin,
    ids: IdSource,
) -> Result<ExternalUser, StoreError> {
    if let Some((id, expires_at)) = &login.state {
        let first = use_state(conn, id, &login.user.realm_id, *expires_at, login.credential.created_at).await?;
        if !first {
            return Err(Problem::field("state", "state_invalid").into());
        }
    }
    if let Some(user) = tied(conn, &login.credential).await? {
        return Ok(ExternalUser { user, task: None });
    }
    make_room(conn, &login).await?;
    let known: Option<UserRow> = users::table
        .filter(users::realm_id.eq(&login.user.realm_id))
        .filter(users::email.eq(&login.user.email))
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()?;
    match known {
        // Whoever says that an address is theirs, and nobody has checked it, is not let in by it (T-05).
        Some(_) if !login.email_verified => Err(Problem::field("email", "email_unverified").into()),
        Some(user) if user.email_verification == "verified" => {
            hold(conn, &user).await?;
            tie(conn, &login.credential, &user.id).await?;
            Ok(ExternalUser { user, task: None })
        }
        Some(user) => {
            let user = overtake(conn, &user, login.credential.created_at).await?;
            tie(conn, &login.credential, &user.id).await?;
            let task = end_sessions(&login, &user, &ids)?;
            add_task(conn, &task).await?;
            Ok(ExternalUser { user, task: Some(task) })
        }
        None => {
            diesel::insert_into(users::table)
                .values(&login.user)
                .execute(conn)
                .await?;
            tie(conn, &login.credential, &login.user.id).await?;
            add_events(conn, &login.holder, &login.events).await?;
            Ok(ExternalUser {
                user: login.user,
                task: None,
            })
        }
    }
}

/// What ends the sessions of whoever had the account before.
fn end_sessions(login: &ExternalLogin, user: &UserRow, ids: &IdSource) -> Result<TaskRow, StoreError> {
    let now = login.credential.created_at;
    let work = Work::end_sessions(&user.realm_id, &user.id, None, now);
    let cause = login.cause.clone();
    Task { work, cause }.row(ids, now)
}

/// Notes that a state was used, and tells whether it was not before. States that expired meanwhile are forgotten.
pub(crate) async fn use_state(
    conn: &mut Conn,
    id: &str,
    realm: &str,
    expires_at: i64,
    now: i64,
) -> Result<bool, StoreError> {
    diesel::delete(states::table.filter(states::expires_at.le(now)))
        .execute(conn)
        .await?;
    let row = (
        states::id.eq(id),
        states::realm_id.eq(realm),
        states::expires_at.eq(expires_at),
    );
    let fresh = diesel::insert_into(states::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(fresh > 0)
}

/// The user who was tied to the provider's user before, with the provider's newest token.
async fn tied(conn: &mut Conn, credential: &CredentialRow) -> Result<Option<UserRow>, StoreError> {
    let row = credentials::table
        .filter(credentials::auth_provider_id.eq(&credential.auth_provider_id))
        .filter(credentials::provider_user_id.eq(&credential.provider_user_id))
        .filter(alive!(credentials::user_id, "usr_", &credential.realm_id))
        .select((credentials::id, credentials::user_id));
    let Some((id, user)) = row.first::<(String, String)>(conn).await.optional()? else {
        return Ok(None);
    };
    let set = (
        credentials::access_token.eq(&credential.access_token),
        // The token is sealed for the row that it came with.
        credentials::secret.eq(&credential.id),
        credentials::token_expires_at.eq(credential.token_expires_at),
        credentials::updated_at.eq(credential.updated_at),
    );
    diesel::update(credentials::table.find(id))
        .set(set)
        .execute(conn)
        .await?;
    let user: Option<UserRow> = users::table
        .find(user)
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(Some(user.ok_or(Problem::new(Reason::NotFound))?))
}

/// Removes who went with a reset, is not removed yet, and stands in the way: by the provider's user, the address or the username.
async fn make_room(conn: &mut Conn, login: &ExternalLogin) -> Result<(), StoreError> {
    let (user, credential) = (&login.user, &login.credential);
    let tied = credentials::table
        .filter(credentials::auth_provider_id.eq(&credential.auth_provider_id))
        .filter(credentials::provider_user_id.eq(&credential.provider_user_id))
        .select(credentials::user_id);
    let gone = users::table
        .filter(users::id.eq_any(tied))
        .filter(diesel::dsl::not(alive!(users::id, "usr_", &user.realm_id)));
    diesel::delete(gone).execute(conn).await?;
    wipes::make_room(conn, &user.realm_id, Some(&user.email), user.username_key.as_deref()).await
}

async fn tie(conn: &mut Conn, credential: &CredentialRow, user: &str) -> Result<(), StoreError> {
    let row = CredentialRow {
        user_id: user.to_owned(),
        ..credential.clone()
    };
    diesel::insert_into(credentials::table)
        .values(&row)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives an account to the one who was shown to own its address: whoever made it before, with an address that they did not own, must
/// not get in by a password or anything else that they left behind (T-05).
async fn overtake(conn: &mut Conn, user: &UserRow, now: i64) -> Result<UserRow, StoreError> {
    let set = (
        users::email_verification.eq("verified"),
        users::email_pending.eq(None::<String>),
        users::updated_at.eq(now),
    );
    let user: Option<UserRow> = diesel::update(users::table.find(&user.id).filter(users::email.eq(&user.email)))
        .set(set)
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let user = user.ok_or(Problem::new(Reason::Conflict))?;
    diesel::delete(credentials::table.filter(credentials::user_id.eq(&user.id)))
        .execute(conn)
        .await?;
    diesel::delete(codes::table.filter(codes::user_id.eq(&user.id)))
        .execute(conn)
        .await?;
    remove_tokens(conn, &user.id).await?;
    Ok(user)
}

/// Locks a user who was found by address, whose address may have been changed meanwhile: nobody has shown that the new one is theirs.
async fn hold(conn: &mut Conn, user: &UserRow) -> Result<(), StoreError> {
    let held = diesel::update(users::table.find(&user.id).filter(users::email.eq(&user.email)))
        .set(users::updated_at.eq(users::updated_at))
        .execute(conn)
        .await?;
    if held == 0 {
        return Err(Problem::new(Reason::Conflict).into());
    }
    Ok(())
}
