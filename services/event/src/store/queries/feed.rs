//! Events in the order in which they became visible.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use super::wipes::wiped;
use crate::store::EventRow;
use crate::store::schema::{event_events as events, event_sequence as sequence};

pub(crate) async fn get_last(conn: &mut Conn) -> Result<i64, StoreError> {
    let last = sequence::table.find("events").select(sequence::last);
    Ok(last.first(conn).await?)
}

pub(crate) async fn list_realm_behind(
    conn: &mut Conn,
    realm: String,
    seq: i64,
    limit: i64,
) -> Result<Vec<EventRow>, StoreError> {
    // Named as a bound: so parts of the table that hold nothing else are not looked into.
    let gone = wiped(conn, vec![realm.clone()]).await?.remove(&realm);
    let query = events::table
        .filter(events::realm_id.eq(realm).and(events::seq.gt(seq)))
        .filter(events::id.gt(gone.unwrap_or_default()))
        .order(events::seq)
        .limit(limit);
    Ok(query.select(EventRow::as_select()).load(conn).await?)
}

pub(crate) async fn list_behind(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<EventRow>, StoreError> {
    let query = events::table
        .filter(events::seq.gt(seq))
        .order(events::seq)
        .limit(limit);
    Ok(query.select(EventRow::as_select()).load(conn).await?)
}
