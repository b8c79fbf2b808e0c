//! API keys.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use crate::store::rows::ApiKeyRow;
use crate::store::schema::auth_api_keys as keys;

pub(crate) async fn find_keys(conn: &mut Conn, hashes: Vec<String>) -> Result<Vec<ApiKeyRow>, StoreError> {
    let query = keys::table
        .filter(keys::key_hash.eq_any(hashes))
        .filter(keys::revoked_at.is_null());
    Ok(query.select(ApiKeyRow::as_select()).load(conn).await?)
}

pub(crate) async fn list_keys(conn: &mut Conn, limit: i64) -> Result<Vec<ApiKeyRow>, StoreError> {
    Ok(keys::table
        .order(keys::id)
        .limit(limit)
        .select(ApiKeyRow::as_select())
        .load(conn)
        .await?)
}

pub(crate) async fn add_key(conn: &mut Conn, key: ApiKeyRow) -> Result<bool, StoreError> {
    let added = diesel::insert_into(keys::table)
        .values(&key)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}

pub(crate) async fn end_key(conn: &mut Conn, id: String, now: i64) -> Result<bool, StoreError> {
    let live = keys::table.find(id).filter(keys::revoked_at.is_null());
    Ok(diesel::update(live).set(keys::revoked_at.eq(now)).execute(conn).await? > 0)
}
