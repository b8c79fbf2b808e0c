//! Ends many sessions at once, a batch to a transaction.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{EventId, IdSource};
use gantry_outbox::NewEvent;

use super::super::rows::SessionRow;
use super::super::schema::{session_oauth, session_sessions};
use super::{Backend, Conn, outbox};
use crate::store::Ending;

pub(crate) async fn end_sessions(
    conn: &mut Conn,
    ending: Ending,
    limit: i64,
    ids: IdSource,
    holder: String,
    event: NewEvent,
) -> Result<usize, StoreError> {
    let oauth = end_oauth(conn, &ending, limit).await?;
    let mut live = session_sessions::table
        .filter(session_sessions::realm_id.eq(ending.realm_id))
        .filter(session_sessions::expires_at.gt(ending.now))
        .order(session_sessions::id)
        .select(session_sessions::id)
        .limit(limit)
        .into_boxed::<Backend>();
    if let Some(user) = ending.user_id {
        live = live.filter(session_sessions::user_id.eq(user));
    }
    if let Some(keep) = ending.keep {
        live = live.filter(session_sessions::id.ne(keep));
    }
    if let Some(at) = ending.opened_by {
        live = live.filter(session_sessions::created_at.le(at));
    }
    let batch: Vec<String> = live.load(conn).await?;
    // What another transaction ended meanwhile is not returned, and gets no second event.
    let mut ended: Vec<SessionRow> =
        diesel::delete(session_sessions::table.filter(session_sessions::id.eq_any(&batch)))
            .returning(SessionRow::as_returning())
            .load(conn)
            .await?;
    ended.sort_by(|one, other| one.id.cmp(&other.id));
    let told = ended.into_iter().map(|row| NewEvent {
        id: ids.id::<EventId>().into_string(),
        user_id: Some(row.user_id),
        session_id: Some(row.id),
        expires_at: Some(row.expires_at.div_euclid(1000)),
        ..event.clone()
    });
    let told: Vec<NewEvent> = told.collect();
    outbox::add_events(conn, &holder, &told).await?;
    Ok(batch.len().max(oauth))
}

/// OAuth2 sessions end too, but those that hang on the session that is kept. They make no events. Tells how many of a batch were found.
async fn end_oauth(conn: &mut Conn, ending: &Ending, limit: i64) -> Result<usize, StoreError> {
    let mut gone = session_oauth::table
        .filter(session_oauth::realm_id.eq(ending.realm_id.clone()))
        .select(session_oauth::id)
        .limit(limit)
        .into_boxed::<Backend>();
    if let Some(user) = ending.user_id.clone() {
        gone = gone.filter(session_oauth::user_id.eq(user));
    }
    if let Some(keep) = ending.keep.clone() {
        gone = gone.filter(
            session_oauth::session_id
                .is_null()
                .or(session_oauth::session_id.ne(keep)),
        );
    }
    if let Some(at) = ending.opened_by {
        gone = gone.filter(session_oauth::created_at.le(at));
    }
    let batch: Vec<String> = gone.load(conn).await?;
    diesel::delete(session_oauth::table.filter(session_oauth::id.eq_any(&batch)))
        .execute(conn)
        .await?;
    Ok(batch.len())
}
