//! How long realms keep their events, and which are over.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use super::wipes::hide;
use crate::store::schema::{event_events as events, event_retentions as retentions};

/// The days that a realm chose; `None` when it goes by the operator's.
pub(crate) async fn find_retention(conn: &mut Conn, realm: String) -> Result<Option<i64>, StoreError> {
    let query = retentions::table.find(realm).select(retentions::days);
    Ok(query.first(conn).await.optional()?)
}

pub(crate) async fn set_retention(conn: &mut Conn, realm: String, days: Option<i64>) -> Result<(), StoreError> {
    match days {
        Some(days) => {
            diesel::insert_into(retentions::table)
                .values((retentions::realm_id.eq(realm), retentions::days.eq(days)))
                .on_conflict(retentions::realm_id)
                .do_update()
                .set(retentions::days.eq(days))
                .execute(conn)
                .await?;
        }
        None => {
            diesel::delete(retentions::table.find(realm)).execute(conn).await?;
        }
    }
    Ok(())
}

/// The next realm that has events, in the order of ids: found by one look into an index, however many events each has.
pub(crate) async fn next_realm(conn: &mut Conn, behind: String) -> Result<Option<String>, StoreError> {
    let query = events::table
        .filter(events::realm_id.gt(behind))
        .select(events::realm_id)
        .order(events::realm_id)
        .limit(1);
    Ok(query.first(conn).await.optional()?)
}

/// Hides what a realm has up to an id; tells the oldest of it.
pub(crate) async fn expire(conn: &mut Conn, realm: String, last: String) -> Result<Option<String>, StoreError> {
    let old = events::table
        .filter(events::realm_id.eq(&realm))
        .filter(events::id.le(&last))
        .select(events::id)
        .order(events::id)
        .limit(1);
    let found: Option<String> = old.first(conn).await.optional()?;
    if found.is_some() {
        hide(conn, &realm, &last).await?;
    }
    Ok(found)
}
