//! OAuth2 sessions: a code that is good once, then an access token. Every query names the realm (T-03).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::super::rows::{OauthRow, OauthToken};
use super::super::schema::session_oauth as oauth;
use super::Conn;

pub(crate) async fn add_oauth(conn: &mut Conn, row: OauthRow) -> Result<(), StoreError> {
    diesel::insert_into(oauth::table).values(row).execute(conn).await?;
    Ok(())
}

pub(crate) async fn find_oauth_code(
    conn: &mut Conn,
    realm_id: String,
    code_hash: String,
) -> Result<Option<OauthRow>, StoreError> {
    let query = oauth::table
        .filter(oauth::code_hash.eq(code_hash))
        .filter(oauth::realm_id.eq(realm_id))
        .select(OauthRow::as_select());
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn find_oauth(
    conn: &mut Conn,
    realm_id: String,
    id: String,
    now: i64,
) -> Result<Option<OauthRow>, StoreError> {
    let query = oauth::table
        .find(id)
        .filter(oauth::realm_id.eq(realm_id))
        .filter(oauth::expires_at.gt(now))
        .select(OauthRow::as_select());
    Ok(query.first(conn).await.optional()?)
}

/// Takes a code: of all who present it at once one gets the token, by the condition in the update.
pub(crate) async fn take_oauth_code(
    conn: &mut Conn,
    id: String,
    now: i64,
    token: OauthToken,
) -> Result<Option<OauthRow>, StoreError> {
    let fresh = oauth::table
        .find(id)
        .filter(oauth::access_hash.is_null())
        .filter(oauth::code_expires_at.gt(now));
    let update = diesel::update(fresh).set(token).returning(OauthRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}

pub(crate) async fn remove_oauth(conn: &mut Conn, id: String) -> Result<(), StoreError> {
    diesel::delete(oauth::table.find(id)).execute(conn).await?;
    Ok(())
}

pub(crate) async fn prune_oauth(conn: &mut Conn, now: i64, limit: i64) -> Result<usize, StoreError> {
    let ids: Vec<String> = oauth::table
        .filter(oauth::expires_at.le(now))
        .order(oauth::expires_at)
        .select(oauth::id)
        .limit(limit)
        .load(conn)
        .await?;
    // Looked at again, since a code may have been taken meanwhile.
    let still = oauth::table
        .filter(oauth::id.eq_any(&ids))
        .filter(oauth::expires_at.le(now));
    diesel::delete(still).execute(conn).await?;
    Ok(ids.len())
}
