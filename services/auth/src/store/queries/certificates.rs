//! Certificates of custom domains, sealed, and when each is to be got or renewed.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use crate::rules::certificate::{ACME, CHALLENGE, SERVED};
use crate::rules::domain::VERIFIED;
use crate::store::certificates::{CertificatePatch, StoredCertificate};
use crate::store::rows::DomainRow;
use crate::store::schema::{
    auth_acme_accounts as accounts, auth_certificates as certificates, auth_domains as domains,
};

pub(crate) async fn find_certificates(
    conn: &mut Conn,
    names: Vec<String>,
) -> Result<Vec<StoredCertificate>, StoreError> {
    let query = certificates::table
        .inner_join(domains::table)
        .filter(domains::fqdn.eq_any(names))
        .filter(domains::state.eq("active"))
        .filter(domains::dns_state.eq(VERIFIED))
        .select((
            domains::fqdn,
            domains::id,
            certificates::kind,
            domains::cert_version,
            certificates::sealed,
        ));
    let rows: Vec<(String, String, String, Option<String>, String)> = query.load(conn).await?;
    let row = |(fqdn, domain_id, kind, version, sealed)| StoredCertificate {
        fqdn,
        domain_id,
        kind,
        version,
        sealed,
    };
    Ok(rows.into_iter().map(row).collect())
}

pub(crate) async fn list_due_certificates(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<DomainRow>, StoreError> {
    let due = domains::table
        .filter(domains::cert_due_at.le(now))
        .order((domains::cert_due_at, domains::id))
        .select(DomainRow::as_select())
        .limit(limit);
    Ok(due.load(conn).await?)
}

pub(crate) async fn take_up_certificate(conn: &mut Conn, row: DomainRow, until: i64) -> Result<bool, StoreError> {
    // Of several processes that saw it due, one moves it on.
    let seen = domains::table
        .find(row.id)
        .filter(domains::cert_due_at.eq(row.cert_due_at));
    let moved = diesel::update(seen).set(domains::cert_due_at.eq(until));
    Ok(moved.execute(conn).await? > 0)
}

pub(crate) async fn begin_certificates(conn: &mut Conn, now: i64) -> Result<usize, StoreError> {
    let waiting = domains::table
        .filter(domains::domain_type.eq("custom"))
        .filter(domains::dns_state.eq(VERIFIED))
        .filter(domains::cert_source.is_null().or(domains::cert_source.eq(ACME)))
        .filter(domains::cert_due_at.is_null());
    let begun = diesel::update(waiting).set(domains::cert_due_at.eq(now));
    Ok(begun.execute(conn).await?)
}

pub(crate) async fn set_challenge(conn: &mut Conn, domain: String, sealed: String) -> Result<(), StoreError> {
    put(conn, &domain, CHALLENGE, Some(sealed)).await
}

pub(crate) async fn end_certificate(
    conn: &mut Conn,
    row: DomainRow,
    patch: CertificatePatch,
    sealed: Option<String>,
) -> Result<bool, StoreError> {
    put(conn, &row.id, CHALLENGE, None).await?;
    let same = domains::table
        .find(&row.id)
        .filter(domains::fqdn.eq(&row.fqdn))
        .filter(domains::dns_state.eq(VERIFIED))
        .filter(domains::cert_source.is_null().or(domains::cert_source.eq(ACME)));
    let ended = diesel::update(same).set(&patch).execute(conn).await? > 0;
    if ended && sealed.is_some() {
        put(conn, &row.id, SERVED, sealed).await?;
    }
    Ok(ended)
}

/// Keeps a domain's certificate of a kind, or removes it.
pub(crate) async fn put(conn: &mut Conn, domain: &str, kind: &str, sealed: Option<String>) -> Result<(), StoreError> {
    diesel::delete(certificates::table.find((domain, kind)))
        .execute(conn)
        .await?;
    if let Some(sealed) = sealed {
        let row = (
            certificates::domain_id.eq(domain),
            certificates::kind.eq(kind),
            certificates::sealed.eq(sealed),
        );
        diesel::insert_into(certificates::table)
            .values(row)
            .execute(conn)
            .await?;
    }
    Ok(())
}

pub(crate) async fn find_acme_account(conn: &mut Conn, directory: String) -> Result<Option<String>, StoreError> {
    let query = accounts::table.find(directory).select(accounts::sealed);
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn add_acme_account(conn: &mut Conn, directory: String, sealed: String) -> Result<String, StoreError> {
    diesel::insert_into(accounts::table)
        .values((accounts::directory.eq(&directory), accounts::sealed.eq(sealed)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let kept = accounts::table.find(directory).select(accounts::sealed);
    Ok(kept.first(conn).await?)
}

pub(crate) async fn remove_acme_account(conn: &mut Conn, directory: String, sealed: String) -> Result<(), StoreError> {
    diesel::delete(accounts::table.find(directory).filter(accounts::sealed.eq(sealed)))
        .execute(conn)
        .await?;
    Ok(())
}
