//! Mails that sign in. Each is used up in the transaction in which it shows whose the address is.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_outbox::NewEvent;

use super::Conn;
use super::outbox::add_events;
use super::tasks::add_task;
use super::tokens::remove_tokens;
use crate::rules::task::{Task, Work};
use crate::store::email_login::{CodeGuess, EmailLoginRow, EmailSignIn, EmailUser};
use crate::store::rows::UserRow;
use crate::store::schema::{auth_credentials as credentials, auth_email_logins as logins, auth_users as users};

pub(crate) async fn put_email_login(
    conn: &mut Conn,
    login: EmailLoginRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    // Whatever the mail before could do, it can no more.
    let set = (
        logins::email.eq(excluded(logins::email)),
        logins::token_hash.eq(excluded(logins::token_hash)),
        logins::handle_hash.eq(excluded(logins::handle_hash)),
        logins::code_hash.eq(excluded(logins::code_hash)),
        logins::guesses.eq(excluded(logins::guesses)),
        logins::created_at.eq(excluded(logins::created_at)),
        logins::expires_at.eq(excluded(logins::expires_at)),
    );
    diesel::insert_into(logins::table)
        .values(&login)
        .on_conflict(logins::user_id)
        .do_update()
        .set(set)
        .execute(conn)
        .await?;
    add_events(conn, &holder, &events).await
}

pub(crate) async fn find_email_login(
    conn: &mut Conn,
    realm: String,
    hash: String,
    now: i64,
) -> Result<Option<(EmailLoginRow, UserRow)>, StoreError> {
    let query = logins::table
        .inner_join(users::table)
        .filter(logins::token_hash.eq(hash))
        .filter(logins::realm_id.eq(realm.clone()))
        .filter(alive!(users::id, "usr_", realm))
        .filter(logins::expires_at.gt(now));
    let select = (EmailLoginRow::as_select(), UserRow::as_select());
    Ok(query.select(select).first(conn).await.optional()?)
}

pub(crate) async fn sign_in_by_link(
    conn: &mut Conn,
    token_hash: String,
    sign_in: EmailSignIn,
) -> Result<Option<EmailUser>, StoreError> {
    let live = logins::table
        .filter(logins::token_hash.eq(token_hash))
        .filter(logins::realm_id.eq(&sign_in.realm_id))
        .filter(logins::expires_at.gt(sign_in.now));
    // Whoever comes second finds it gone.
    let used: Option<EmailLoginRow> = diesel::delete(live)
        .returning(EmailLoginRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    match used {
        Some(login) => let_in(conn, &login, sign_in).await,
        None => Ok(None),
    }
}

/// Known or not, right or wrong: the same statements, of which one writes (T-08). A guess counts before it is compared, so that many at
/// once are no more than their number (T-11).
pub(crate) async fn sign_in_by_code(
    conn: &mut Conn,
    guess: CodeGuess,
    sign_in: EmailSignIn,
) -> Result<Option<EmailUser>, StoreError> {
    let live = logins::table
        .filter(logins::handle_hash.eq(&guess.handle_hash))
        .filter(logins::realm_id.eq(&sign_in.realm_id))
        .filter(logins::expires_at.gt(sign_in.now))
        .filter(logins::guesses.lt(guess.most));
    let login: Option<EmailLoginRow> = diesel::update(live)
        .set(logins::guesses.eq(logins::guesses + 1))
        .returning(EmailLoginRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let right = login.filter(|login| {
        login.code_hash.as_ref() == Some(&guess.code_hash) && guess.user_id.as_ref() == Some(&login.user_id)
    });
    if let Some(login) = right {
        diesel::delete(logins::table.find(&login.user_id)).execute(conn).await?;
        return let_in(conn, &login, sign_in).await;
    }
    add_events(conn, &sign_in.holder, &[guess.failed]).await?;
    Ok(None)
}

/// The user of a mail that was used up, who has shown that the address is theirs.
async fn let_in(conn: &mut Conn, login: &EmailLoginRow, sign_in: EmailSignIn) -> Result<Option<EmailUser>, StoreError> {
    let user: Option<UserRow> = users::table
        .find(&login.user_id)
        .filter(users::realm_id.eq(&login.realm_id))
        .filter(users::state.eq("active"))
        .filter(users::email.eq(&login.email))
        .filter(alive!(users::id, "usr_", &login.realm_id))
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()?;
    match user {
        Some(user) if user.email_verification != "verified" => take_over(conn, user, sign_in).await,
        user => Ok(user.map(|user| EmailUser { user, task: None })),
    }
}

/// Gives an account to the one who was shown to own its address: whoever made it before, with an address that they did not own, must
/// not get in by a password or anything else that they left behind (T-05). Authenticator apps let nobody in by themselves, and stay:
/// else a mailbox would do for two factors wherever addresses are not verified.
async fn take_over(conn: &mut Conn, user: UserRow, sign_in: EmailSignIn) -> Result<Option<EmailUser>, StoreError> {
    let EmailSignIn {
        now,
        cause,
        ids,
        holder,
        mut verified,
        ..
    } = sign_in;
    let set = (
        users::email_verification.eq("verified"),
        users::email_pending.eq(None::<String>),
        users::updated_at.eq(now),
    );
    // Asked again where the row is locked: the address may have been changed meanwhile, and nobody has shown that the new one is theirs.
    let same = users::table
        .find(user.id)
        .filter(users::email.eq(user.email))
        .filter(users::state.eq("active"));
    let user: Option<UserRow> = diesel::update(same)
        .set(set)
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let Some(user) = user else {
        return Ok(None);
    };
    let ways_in = credentials::table
        .filter(credentials::user_id.eq(&user.id))
        .filter(credentials::credential_type.ne("totp"));
    diesel::delete(ways_in).execute(conn).await?;
    remove_tokens(conn, &user.id).await?;
    let work = Work::end_sessions(&user.realm_id, &user.id, None, now);
    let task = Task { work, cause }.row(&ids, now)?;
    add_task(conn, &task).await?;
    verified.user_id = Some(user.id.clone());
    add_events(conn, &holder, &[verified]).await?;
    Ok(Some(EmailUser { user, task: Some(task) }))
}

pub(crate) async fn prune_email_logins(conn: &mut Conn, now: i64, limit: i64) -> Result<usize, StoreError> {
    let expired: Vec<String> = logins::table
        .filter(logins::expires_at.le(now))
        .order(logins::expires_at)
        .select(logins::user_id)
        .limit(limit)
        .load(conn)
        .await?;
    // Whoever asked again meanwhile has one that lives.
    let gone = logins::table
        .filter(logins::user_id.eq_any(expired))
        .filter(logins::expires_at.le(now));
    Ok(diesel::delete(gone).execute(conn).await?)
}
