//! Realms and their auth providers.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{StoreError, by_id};
use gantry_kernel::Page;

use super::{Backend, Conn};
use crate::store::rows::{ProviderRow, RealmPatch, RealmRow};
use crate::store::schema::{auth_providers as providers, auth_realms as realms};

pub(crate) async fn find_realm(conn: &mut Conn, id: String) -> Result<Option<RealmRow>, StoreError> {
    Ok(realms::table
        .find(id)
        .filter(realms::deleted_at.is_null())
        .select(RealmRow::as_select())
        .first(conn)
        .await
        .optional()?)
}

pub(crate) async fn find_realms(conn: &mut Conn, ids: Vec<String>) -> Result<Vec<RealmRow>, StoreError> {
    Ok(realms::table
        .filter(realms::id.eq_any(ids))
        .filter(realms::deleted_at.is_null())
        .select(RealmRow::as_select())
        .load(conn)
        .await?)
}

pub(crate) async fn list_realms(
    conn: &mut Conn,
    lock: Option<String>,
    state: Option<String>,
    page: Page,
) -> Result<Vec<RealmRow>, StoreError> {
    let mut query = realms::table
        .filter(realms::deleted_at.is_null())
        .select(RealmRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(id) = lock {
        query = query.filter(realms::id.eq(id));
    }
    if let Some(state) = state {
        query = query.filter(realms::state.eq(state));
    }
    query = by_id!(query, realms::id, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_realm(conn: &mut Conn, realm: RealmRow, with: Vec<ProviderRow>) -> Result<(), StoreError> {
    diesel::insert_into(realms::table).values(&realm).execute(conn).await?;
    for provider in &with {
        diesel::insert_into(providers::table)
            .values(provider)
            .execute(conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn set_realm(conn: &mut Conn, id: String, patch: RealmPatch) -> Result<Option<RealmRow>, StoreError> {
    let update = diesel::update(realms::table.find(id).filter(realms::deleted_at.is_null()))
        .set(&patch)
        .returning(RealmRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}
