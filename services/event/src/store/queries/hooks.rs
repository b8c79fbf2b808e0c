//! Hooks. Every query names the realm: what belongs to another is not there (T-03).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{StoreError, by_id};
use gantry_kernel::Page;

use super::{Backend, Conn};
use crate::store::HookRow;
use crate::store::schema::event_hooks as rows;

pub(crate) async fn find_hook(conn: &mut Conn, realm: String, id: String) -> Result<Option<HookRow>, StoreError> {
    let query = rows::table.filter(rows::id.eq(id)).filter(rows::realm_id.eq(realm));
    Ok(query.select(HookRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_hooks(conn: &mut Conn, realm: String, page: Page) -> Result<Vec<HookRow>, StoreError> {
    let mut query = rows::table
        .filter(rows::realm_id.eq(realm))
        .select(HookRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    query = by_id!(query, rows::id, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_hook(conn: &mut Conn, row: HookRow) -> Result<(), StoreError> {
    diesel::insert_into(rows::table).values(row).execute(conn).await?;
    Ok(())
}

/// Puts a row in the place of the one that was read, unless somebody else did so meanwhile.
pub(crate) async fn set_hook(conn: &mut Conn, row: HookRow, read_at: i64) -> Result<bool, StoreError> {
    let same = rows::table
        .filter(rows::id.eq(row.id.clone()))
        .filter(rows::updated_at.eq(read_at));
    Ok(diesel::update(same).set(&row).execute(conn).await? > 0)
}

pub(crate) async fn remove_hook(conn: &mut Conn, realm: String, id: String) -> Result<Option<HookRow>, StoreError> {
    let own = rows::table.filter(rows::id.eq(id)).filter(rows::realm_id.eq(realm));
    let gone = diesel::delete(own).returning(HookRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}
