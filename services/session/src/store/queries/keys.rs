//! Signing keys of realms, and the stock of keys made ahead of need.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Id, OauthSessionId, SessionId};

use super::super::rows::{KeyHead, KeyRow, PublicKeyRow, StockRow};
use super::super::schema::{session_key_stock, session_keys, session_oauth, session_sessions};
use super::Conn;

/// How many keys of the stock are tried: others may be taking the same one.
const CANDIDATES: i64 = 16;

pub(crate) async fn find_signing_key(
    conn: &mut Conn,
    realm_id: String,
    algo: String,
    now: i64,
) -> Result<Option<KeyRow>, StoreError> {
    // The order is that of `rules::rotation::current`.
    let query = session_keys::table
        .filter(session_keys::realm_id.eq(realm_id))
        .filter(session_keys::algo.eq(algo))
        .filter(session_keys::signs_from.le(now))
        .order((session_keys::signs_from.desc(), session_keys::id.desc()))
        .select(KeyRow::as_select());
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn find_key(conn: &mut Conn, realm_id: String, id: String) -> Result<Option<KeyRow>, StoreError> {
    let query = session_keys::table
        .filter(session_keys::realm_id.eq(realm_id))
        .filter(session_keys::id.eq(id))
        .select(KeyRow::as_select());
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn list_public_keys_of(conn: &mut Conn, realms: Vec<String>) -> Result<Vec<PublicKeyRow>, StoreError> {
    // An HS256 key has no public half.
    let query = session_keys::table
        .filter(session_keys::realm_id.eq_any(realms))
        .filter(session_keys::public_key.is_not_null())
        .order((session_keys::signs_from, session_keys::id))
        .select(PublicKeyRow::as_select());
    Ok(query.load(conn).await?)
}

pub(crate) async fn list_turns(conn: &mut Conn, realms: Vec<String>) -> Result<Vec<(String, KeyHead)>, StoreError> {
    let query = session_keys::table
        .filter(session_keys::realm_id.eq_any(realms))
        .order((session_keys::signs_from, session_keys::id))
        .select((session_keys::realm_id, KeyHead::as_select()));
    Ok(query.load(conn).await?)
}

pub(crate) async fn list_all_keys(conn: &mut Conn, realm_id: String) -> Result<Vec<KeyRow>, StoreError> {
    let query = session_keys::table
        .filter(session_keys::realm_id.eq(realm_id))
        .order((session_keys::signs_from, session_keys::id))
        .select(KeyRow::as_select());
    Ok(query.load(conn).await?)
}

pub(crate) async fn turn_key(
    conn: &mut Conn,
    realm_id: String,
    id: String,
    now: i64,
) -> Result<Option<KeyRow>, StoreError> {
    let key = session_keys::table
        .filter(session_keys::id.eq(id))
        .filter(session_keys::realm_id.eq(realm_id));
    let update = diesel::update(key)
        .set(session_keys::signs_from.eq(now))
        .returning(KeyRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}

pub(crate) async fn remove_key(
    conn: &mut Conn,
    realm_id: String,
    id: String,
    now: i64,
) -> Result<Option<KeyRow>, StoreError> {
    let key = session_keys::table
        .filter(session_keys::id.eq(id))
        .filter(session_keys::realm_id.eq(&realm_id));
    let gone: Option<KeyRow> = diesel::delete(key)
        .returning(KeyRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if let Some(gone) = &gone
        && find_signing_key(conn, realm_id.clone(), gone.algo.clone(), now)
            .await?
            .is_none()
    {
        let next: Option<String> = session_keys::table
            .filter(session_keys::realm_id.eq(&realm_id))
            .filter(session_keys::algo.eq(&gone.algo))
            .order((session_keys::signs_from, session_keys::id))
            .select(session_keys::id)
            .first(conn)
            .await
            .optional()?;
        if let Some(next) = next {
            turn_key(conn, realm_id, next, now).await?;
        }
    }
    Ok(gone)
}

pub(crate) async fn has_session_below(
    conn: &mut Conn,
    realm_id: String,
    below: String,
    now: i64,
) -> Result<bool, StoreError> {
    // Both are read from the realm's oldest on, so the first that lives answers.
    let session: Option<String> = session_sessions::table
        .filter(session_sessions::realm_id.eq(&realm_id))
        .filter(session_sessions::id.lt(format!("{}{below}", SessionId::PREFIX)))
        .filter(session_sessions::expires_at.gt(now))
        .select(session_sessions::id)
        .first(conn)
        .await
        .optional()?;
    let oauth: Option<String> = session_oauth::table
        .filter(session_oauth::realm_id.eq(&realm_id))
        .filter(session_oauth::id.lt(format!("{}{below}", OauthSessionId::PREFIX)))
        .filter(session_oauth::expires_at.gt(now))
        .select(session_oauth::id)
        .first(conn)
        .await
        .optional()?;
    Ok(session.is_some() || oauth.is_some())
}

pub(crate) async fn retire_key(
    conn: &mut Conn,
    realm_id: String,
    id: String,
    below: String,
    now: i64,
) -> Result<bool, StoreError> {
    if has_session_below(conn, realm_id.clone(), below, now).await? {
        return Ok(false);
    }
    let key = session_keys::table
        .filter(session_keys::id.eq(id))
        .filter(session_keys::realm_id.eq(realm_id));
    Ok(diesel::delete(key).execute(conn).await? > 0)
}

pub(crate) async fn add_key(conn: &mut Conn, row: KeyRow) -> Result<KeyRow, StoreError> {
    let insert = diesel::insert_into(session_keys::table)
        .values(row)
        .returning(KeyRow::as_returning());
    Ok(insert.get_result(conn).await?)
}

pub(crate) async fn take_from_stock(
    conn: &mut Conn,
    realm_id: String,
    algo: String,
    now: i64,
    signs_from: i64,
    provided: bool,
) -> Result<Option<KeyRow>, StoreError> {
    let ids: Vec<String> = session_key_stock::table
        .order(session_key_stock::id)
        .select(session_key_stock::id)
        .limit(CANDIDATES)
        .load(conn)
        .await?;
    for id in ids {
        // Only one transaction can delete a row: who waited for another finds it gone and tries the next.
        let taken: Option<StockRow> = diesel::delete(session_key_stock::table.find(id))
            .returning(StockRow::as_returning())
            .get_result(conn)
            .await
            .optional()?;
        if let Some(taken) = taken {
            // The key keeps its id, to which its secret half is sealed. If the realm got a key meanwhile this fails,
            // and the transaction puts the key back into the stock.
            let row = KeyRow {
                id: taken.id,
                realm_id,
                algo,
                public_key: Some(taken.public_key),
                secret_sealed: taken.secret_sealed,
                created_at: now,
                signs_from,
                provided,
            };
            return add_key(conn, row).await.map(Some);
        }
    }
    Ok(None)
}

pub(crate) async fn count_stock(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(session_key_stock::table.count().get_result(conn).await?)
}

pub(crate) async fn add_stock(conn: &mut Conn, row: StockRow) -> Result<(), StoreError> {
    diesel::insert_into(session_key_stock::table)
        .values(row)
        .execute(conn)
        .await?;
    Ok(())
}
