//! One-time tokens. Each is used up in the transaction of what it permits, so that two calls at once use it once.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_outbox::NewEvent;

use super::Conn;
use super::outbox::add_events;
use super::wipes::make_room;
use crate::rules::token::invalid;
use crate::store::rows::{TokenRow, UserRow};
use crate::store::schema::{auth_email_logins as logins, auth_tokens as tokens, auth_users as users};

/// Tokens of one purpose that a user may have at once: several mails may be on their way, but no table grows by asking.
const MOST: i64 = 8;

pub(crate) async fn find_token(
    conn: &mut Conn,
    realm: String,
    purpose: String,
    hash: String,
    now: i64,
) -> Result<Option<(TokenRow, UserRow)>, StoreError> {
    let query = tokens::table
        .inner_join(users::table)
        .filter(tokens::token_hash.eq(hash))
        .filter(tokens::realm_id.eq(realm.clone()))
        .filter(alive!(users::id, "usr_", realm))
        .filter(tokens::purpose.eq(purpose))
        .filter(tokens::expires_at.gt(now));
    let select = (TokenRow::as_select(), UserRow::as_select());
    Ok(query.select(select).first(conn).await.optional()?)
}

pub(crate) async fn add_token(
    conn: &mut Conn,
    token: TokenRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    let older: Vec<String> = tokens::table
        .filter(tokens::user_id.eq(&token.user_id))
        .filter(tokens::purpose.eq(&token.purpose))
        .order(tokens::created_at.desc())
        .select(tokens::token_hash)
        .offset(MOST - 1)
        .limit(1000)
        .load(conn)
        .await?;
    if !older.is_empty() {
        diesel::delete(tokens::table.filter(tokens::token_hash.eq_any(older)))
            .execute(conn)
            .await?;
    }
    diesel::insert_into(tokens::table).values(&token).execute(conn).await?;
    add_events(conn, &holder, &events).await
}

pub(crate) async fn add_verification(
    conn: &mut Conn,
    token: TokenRow,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<(), StoreError> {
    // Whoever is verified already stays so.
    let asked = users::table
        .find(&token.user_id)
        .filter(users::email_verification.ne("verified"));
    diesel::update(asked)
        .set((
            users::email_verification.eq("requested"),
            users::updated_at.eq(token.created_at),
        ))
        .execute(conn)
        .await?;
    add_token(conn, token, holder, events).await
}

pub(crate) async fn verify_email(
    conn: &mut Conn,
    token: TokenRow,
    now: i64,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<UserRow, StoreError> {
    take_token(conn, &token, now).await?;
    let user = users::table
        .find(&token.user_id)
        .filter(users::realm_id.eq(&token.realm_id))
        .filter(users::email.eq(&token.email));
    let set = (users::email_verification.eq("verified"), users::updated_at.eq(now));
    let user: Option<UserRow> = diesel::update(user)
        .set(set)
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let user = user.ok_or_else(invalid)?;
    // The other mails have said what they had to say.
    let others = tokens::table
        .filter(tokens::user_id.eq(&token.user_id))
        .filter(tokens::purpose.eq(&token.purpose));
    diesel::delete(others).execute(conn).await?;
    add_events(conn, &holder, &events).await?;
    Ok(user)
}

pub(crate) async fn move_email(
    conn: &mut Conn,
    token: TokenRow,
    now: i64,
    holder: String,
    events: Vec<NewEvent>,
) -> Result<UserRow, StoreError> {
    take_token(conn, &token, now).await?;
    make_room(conn, &token.realm_id, Some(&token.email), None).await?;
    let user = users::table
        .find(&token.user_id)
        .filter(users::realm_id.eq(&token.realm_id))
        .filter(users::email_pending.eq(&token.email));
    let set = (
        users::email.eq(&token.email),
        users::email_pending.eq(None::<String>),
        users::email_verification.eq("verified"),
        users::updated_at.eq(now),
    );
    let user: Option<UserRow> = diesel::update(user)
        .set(set)
        .returning(UserRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    let user = user.ok_or_else(invalid)?;
    remove_tokens(conn, &user.id).await?;
    add_events(conn, &holder, &events).await?;
    Ok(user)
}

/// Uses a token up; who comes second finds it gone, and what it would have permitted is undone.
pub(crate) async fn take_token(conn: &mut Conn, token: &TokenRow, now: i64) -> Result<(), StoreError> {
    let live = tokens::table
        .find(&token.token_hash)
        .filter(tokens::realm_id.eq(&token.realm_id))
        .filter(tokens::purpose.eq(&token.purpose))
        .filter(tokens::expires_at.gt(now));
    match diesel::delete(live).execute(conn).await? {
        0 => Err(invalid().into()),
        _ => Ok(()),
    }
}

/// Ends all of a user's tokens, and the mail that signs in: after a change of password or address none of them is worth anything (T-16).
pub(crate) async fn remove_tokens(conn: &mut Conn, user: &str) -> Result<(), StoreError> {
    diesel::delete(tokens::table.filter(tokens::user_id.eq(user)))
        .execute(conn)
        .await?;
    diesel::delete(logins::table.find(user)).execute(conn).await?;
    Ok(())
}

pub(crate) async fn prune_tokens(conn: &mut Conn, now: i64, limit: i64) -> Result<usize, StoreError> {
    let expired: Vec<String> = tokens::table
        .filter(tokens::expires_at.le(now))
        .order(tokens::expires_at)
        .select(tokens::token_hash)
        .limit(limit)
        .load(conn)
        .await?;
    let gone = diesel::delete(tokens::table.filter(tokens::token_hash.eq_any(expired)));
    Ok(gone.execute(conn).await?)
}

/// Ends the logins of a user whose second factor is still to come.
pub(crate) async fn end_logins(conn: &mut Conn, user: &str) -> Result<(), StoreError> {
    let waiting = tokens::table
        .filter(tokens::user_id.eq(user))
        .filter(tokens::purpose.eq("tmf"));
    diesel::delete(waiting).execute(conn).await?;
    Ok(())
}
