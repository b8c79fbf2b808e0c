//! Client apps, domains, and what a host name serves.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{JsonText, StoreError, by_id};
use gantry_kernel::Page;

use super::certificates::put;
use super::{Backend, Conn};
use crate::rules::certificate::{CHALLENGE, SERVED};
use crate::rules::domain::VERIFIED;
use crate::store::rows::{ClientAppPatch, ClientAppRow, DomainPatch, DomainRow, HostRow};
use crate::store::schema::{auth_client_apps as apps, auth_domains as domains, auth_realms as realms};

pub(crate) async fn find_client_app(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<ClientAppRow>, StoreError> {
    let query = apps::table.find(id).filter(apps::realm_id.eq(realm));
    Ok(query.select(ClientAppRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_client_apps(
    conn: &mut Conn,
    realm: String,
    page: Page,
) -> Result<Vec<ClientAppRow>, StoreError> {
    let mut query = apps::table
        .filter(apps::realm_id.eq(realm))
        .select(ClientAppRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    query = by_id!(query, apps::id, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_client_app(conn: &mut Conn, app: ClientAppRow) -> Result<(), StoreError> {
    diesel::insert_into(apps::table).values(&app).execute(conn).await?;
    Ok(())
}

pub(crate) async fn set_client_app(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: ClientAppPatch,
) -> Result<Option<ClientAppRow>, StoreError> {
    let update = diesel::update(apps::table.find(id).filter(apps::realm_id.eq(realm)))
        .set(&patch)
        .returning(ClientAppRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}

pub(crate) async fn remove_client_app(
    conn: &mut Conn,
    realm: String,
    id: String,
) -> Result<Option<ClientAppRow>, StoreError> {
    let gone = diesel::delete(apps::table.find(id).filter(apps::realm_id.eq(realm)));
    let gone = gone.returning(ClientAppRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}

pub(crate) async fn find_domain(conn: &mut Conn, realm: String, id: String) -> Result<Option<DomainRow>, StoreError> {
    let query = domains::table.find(id).filter(domains::realm_id.eq(realm));
    Ok(query.select(DomainRow::as_select()).first(conn).await.optional()?)
}

pub(crate) async fn list_domains(conn: &mut Conn, realm: String, page: Page) -> Result<Vec<DomainRow>, StoreError> {
    let mut query = domains::table
        .filter(domains::realm_id.eq(realm))
        .select(DomainRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    query = by_id!(query, domains::id, page);
    Ok(query.load(conn).await?)
}

pub(crate) async fn add_domain(conn: &mut Conn, domain: DomainRow, sealed: Option<String>) -> Result<(), StoreError> {
    diesel::insert_into(domains::table)
        .values(&domain)
        .execute(conn)
        .await?;
    if sealed.is_some() {
        put(conn, &domain.id, SERVED, sealed).await?;
    }
    Ok(())
}

pub(crate) async fn set_domain(
    conn: &mut Conn,
    realm: String,
    id: String,
    patch: DomainPatch,
    sealed: Option<String>,
) -> Result<Option<DomainRow>, StoreError> {
    let update = diesel::update(domains::table.find(id).filter(domains::realm_id.eq(realm)))
        .set(&patch)
        .returning(DomainRow::as_returning());
    let row = update.get_result(conn).await.optional()?;
    if let (Some(row), Some(_)) = (&row, &patch.certificate) {
        put(conn, &row.id, CHALLENGE, None).await?;
        put(conn, &row.id, SERVED, sealed).await?;
    }
    Ok(row)
}

/// Says what a look at the records of a name found, and when a certificate is needed, if the domain still has that name.
pub(crate) async fn judge_domain(
    conn: &mut Conn,
    row: DomainRow,
    dns_state: String,
    cert_due_at: Option<i64>,
    now: i64,
) -> Result<Option<DomainRow>, StoreError> {
    let same = domains::table
        .find(row.id)
        .filter(domains::realm_id.eq(row.realm_id))
        .filter(domains::fqdn.eq(row.fqdn));
    let update = diesel::update(same)
        .set((
            domains::dns_state.eq(dns_state),
            domains::cert_due_at.eq(cert_due_at),
            domains::updated_at.eq(now),
        ))
        .returning(DomainRow::as_returning());
    Ok(update.get_result(conn).await.optional()?)
}

pub(crate) async fn remove_domain(conn: &mut Conn, realm: String, id: String) -> Result<Option<DomainRow>, StoreError> {
    let gone = diesel::delete(domains::table.find(id).filter(domains::realm_id.eq(realm)));
    let gone = gone.returning(DomainRow::as_returning());
    Ok(gone.get_result(conn).await.optional()?)
}

pub(crate) async fn find_first_host(conn: &mut Conn, realm: String) -> Result<Option<String>, StoreError> {
    let query = domains::table
        .filter(domains::realm_id.eq(realm))
        .filter(domains::state.eq("active"))
        .filter(domains::dns_state.eq(VERIFIED))
        .order(domains::id)
        .select(domains::fqdn);
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn find_hosts(conn: &mut Conn, fqdns: Vec<String>) -> Result<Vec<HostRow>, StoreError> {
    let app = apps::table
        .filter(apps::realm_id.eq(realms::id))
        .filter(apps::state.eq("active"))
        .select(apps::id);
    let query = domains::table
        .inner_join(realms::table)
        .filter(domains::fqdn.eq_any(fqdns))
        .filter(domains::state.eq("active"))
        .filter(domains::dns_state.eq(VERIFIED))
        .filter(realms::deleted_at.is_null())
        .filter(realms::state.eq("active"))
        .filter(diesel::dsl::exists(app))
        .select((
            domains::fqdn,
            realms::id,
            realms::allowed_origins,
            realms::default_locale,
            realms::available_locales,
        ));
    let rows: Vec<(String, String, JsonText, String, JsonText)> = query.load(conn).await?;
    let row = |(fqdn, realm_id, allowed_origins, default_locale, available_locales)| HostRow {
        fqdn,
        realm_id,
        allowed_origins,
        default_locale,
        available_locales,
    };
    Ok(rows.into_iter().map(row).collect())
}
