//! Named permissions and resource links: what is shown with a realm.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Problem, Reason};

use super::Conn;
use crate::rules::{named_permission, resource_link};
use crate::store::rows::{NamedPermissionPatch, NamedPermissionRow, ResourceLinkPatch, ResourceLinkRow};
use crate::store::schema::{auth_named_permissions as permissions, auth_resource_links as links};

pub(crate) async fn find_named_permission(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<NamedPermissionRow>, StoreError> {
    let query = permissions::table.find(id).filter(permissions::realm_id.eq(realm));
    Ok(query
        .select(NamedPermissionRow::as_select())
        .first(conn)
        .await
        .optional()?)
}

pub(crate) async fn list_named_permissions(
    conn: &mut Conn,
    realm: String,
) -> Result<Vec<NamedPermissionRow>, StoreError> {
    let query = permissions::table
        .filter(permissions::realm_id.eq(realm))
        .order(permissions::id)
        .limit(named_permission::MOST);
    Ok(query.select(NamedPermissionRow::as_select()).load(conn).await?)
}

pub(crate) async fn add_named_permission(conn: &mut Conn, row: NamedPermissionRow) -> Result<(), StoreError> {
    let count: i64 = permissions::table
        .filter(permissions::realm_id.eq(&row.realm_id))
        .count()
        .get_result(conn)
        .await?;
    if count >= named_permission::MOST {
        return Err(Problem::new(Reason::Conflict).into());
    }
    diesel::insert_into(permissions::table)
        .values(&row)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn set_named_permission(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: NamedPermissionPatch,
) -> Result<Option<NamedPermissionRow>, StoreError> {
    let update = diesel::update(permissions::table.find(id).filter(permissions::realm_id.eq(realm)))
        .set(&patch)
        .returning(NamedPermissionRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}

pub(crate) async fn remove_named_permission(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<NamedPermissionRow>, StoreError> {
    let gone = diesel::delete(permissions::table.find(id).filter(permissions::realm_id.eq(realm)))
        .returning(NamedPermissionRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}

pub(crate) async fn find_resource_link(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<ResourceLinkRow>, StoreError> {
    let query = links::table.find(id).filter(links::realm_id.eq(realm));
    Ok(query
        .select(ResourceLinkRow::as_select())
        .first(conn)
        .await
        .optional()?)
}

pub(crate) async fn list_resource_links(conn: &mut Conn, realm: String) -> Result<Vec<ResourceLinkRow>, StoreError> {
    let query = links::table
        .filter(links::realm_id.eq(realm))
        .order(links::id)
        .limit(resource_link::MOST);
    Ok(query.select(ResourceLinkRow::as_select()).load(conn).await?)
}

pub(crate) async fn add_resource_link(conn: &mut Conn, row: ResourceLinkRow) -> Result<(), StoreError> {
    let count: i64 = links::table
        .filter(links::realm_id.eq(&row.realm_id))
        .count()
        .get_result(conn)
        .await?;
    if count >= resource_link::MOST {
        return Err(Problem::new(Reason::Conflict).into());
    }
    diesel::insert_into(links::table).values(&row).execute(conn).await?;
    Ok(())
}

pub(crate) async fn set_resource_link(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: ResourceLinkPatch,
) -> Result<Option<ResourceLinkRow>, StoreError> {
    let update = diesel::update(links::table.find(id).filter(links::realm_id.eq(realm)))
        .set(&patch)
        .returning(ResourceLinkRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}

pub(crate) async fn remove_resource_link(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<ResourceLinkRow>, StoreError> {
    let gone = diesel::delete(links::table.find(id).filter(links::realm_id.eq(realm)))
        .returning(ResourceLinkRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}
