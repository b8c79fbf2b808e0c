//! Signing keys of realms, and the stock of keys made ahead of need.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::super::rows::{KeyRow, PublicKeyRow, StockRow};
use super::super::schema::{session_key_stock, session_keys};
use super::Conn;

/// How many keys of the stock are tried: others may be taking the same one.
const CANDIDATES: i64 = 16;

pub(crate) async fn find_signing_key(
    conn: &mut Conn,
    realm_id: String,
    algo: String,
) -> Result<Option<KeyRow>, StoreError> {
    let query = session_keys::table
        .filter(session_keys::realm_id.eq(realm_id))
        .filter(session_keys::algo.eq(algo))
        .filter(session_keys::retired_at.is_null())
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

pub(crate) async fn list_public_keys_of(
    conn: &mut Conn,
    realms: Vec<String>,
    now: i64,
) -> Result<Vec<PublicKeyRow>, StoreError> {
    // An HS256 key has no public half.
    let query = session_keys::table
        .filter(session_keys::realm_id.eq_any(realms))
        .filter(session_keys::public_key.is_not_null())
        .filter(session_keys::retired_at.is_null().or(session_keys::retired_at.gt(now)))
        .order(session_keys::id)
        .select(PublicKeyRow::as_select());
    Ok(query.load(conn).await?)
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
                retired_at: None,
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
