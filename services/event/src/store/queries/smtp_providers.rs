//! SMTP providers. Every query names the realm: what belongs to another is not there (T-03).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{StoreError, by_id};
use gantry_kernel::Page;

use super::{Backend, Conn};
use crate::store::SmtpProviderRow;
use crate::store::schema::event_smtp_providers as rows;

pub(crate) async fn find_smtp_provider(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<SmtpProviderRow>, StoreError> {
    let query = rows::table.filter(rows::id.eq(id)).filter(rows::realm_id.eq(realm));
    Ok(query
        .select(SmtpProviderRow::as_select())
        .first(conn)
        .await
        .optional()?)
}

pub(crate) async fn list_smtp_providers(
    conn: &mut Conn,
    realm: String,
    page: Page,
) -> Result<Vec<SmtpProviderRow>, StoreError> {
    let mut query = rows::table
        .filter(rows::realm_id.eq(realm))
        .select(SmtpProviderRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    query = by_id!(query, rows::id, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_smtp_provider(conn: &mut Conn, row: SmtpProviderRow) -> Result<(), StoreError> {
    diesel::insert_into(rows::table).values(row).execute(conn).await?;
    Ok(())
}

/// Puts a row in the place of the one that was read, unless somebody else did so meanwhile.
pub(crate) async fn set_smtp_provider(conn: &mut Conn, row: SmtpProviderRow, read_at: i64) -> Result<bool, StoreError> {
    let same = rows::table
        .filter(rows::id.eq(row.id.clone()))
        .filter(rows::updated_at.eq(read_at));
    Ok(diesel::update(same).set(&row).execute(conn).await? > 0)
}

pub(crate) async fn remove_smtp_provider(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<SmtpProviderRow>, StoreError> {
    let own = rows::table.filter(rows::id.eq(id)).filter(rows::realm_id.eq(realm));
    let gone = diesel::delete(own).returning(SmtpProviderRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}
