//! Sessions. Every query names the realm: what belongs to another is not there (T-03). Where many are asked for at once, whoever asks
//! holds each to its realm.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Direction, Page};
use gantry_outbox::NewEvent;

use super::super::rows::{KeyHead, SessionHead, SessionRow};
use super::super::schema::{session_keys, session_sessions, session_wipes};
use super::{Backend, Conn, outbox};

pub(crate) async fn add_session(conn: &mut Conn, row: SessionRow) -> Result<(), StoreError> {
    diesel::insert_into(session_sessions::table)
        .values(row)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn find_sessions(
    conn: &mut Conn,
    ids: Vec<String>,
    now: i64,
) -> Result<Vec<(SessionRow, Option<KeyHead>)>, StoreError> {
    // One statement for both, since this is what every check of a session asks; a realm has a key or two.
    let key = session_keys::realm_id.eq(session_sessions::realm_id);
    Ok(session_sessions::table
        .left_join(session_keys::table.on(key))
        .filter(session_sessions::id.eq_any(ids))
        .filter(session_sessions::expires_at.gt(now))
        .select((SessionRow::as_select(), Option::<KeyHead>::as_select()))
        .load(conn)
        .await?)
}

pub(crate) async fn list_session_heads(
    conn: &mut Conn,
    ids: Vec<String>,
    now: i64,
) -> Result<Vec<(SessionHead, Option<KeyHead>)>, StoreError> {
    let key = session_keys::realm_id.eq(session_sessions::realm_id);
    let live = session_sessions::table
        .left_join(session_keys::table.on(key))
        .filter(session_sessions::id.eq_any(ids))
        .filter(session_sessions::expires_at.gt(now))
        .order((session_keys::signs_from, session_keys::id));
    let columns = (SessionHead::as_select(), Option::<KeyHead>::as_select());
    Ok(live.select(columns).load(conn).await?)
}

pub(crate) async fn list_sessions(
    conn: &mut Conn,
    realm_id: String,
    user_id: Option<String>,
    now: i64,
    page: Page,
) -> Result<Vec<SessionRow>, StoreError> {
    // Every other way to a session asks Auth for its user, who is gone by then.
    let wiped = session_wipes::table
        .filter(session_wipes::realm_id.eq(session_sessions::realm_id))
        .filter(session_wipes::up_to.ge(session_sessions::id));
    let mut query = session_sessions::table
        .filter(session_sessions::realm_id.eq(realm_id))
        .filter(session_sessions::expires_at.gt(now))
        .filter(diesel::dsl::not(diesel::dsl::exists(wiped)))
        .select(SessionRow::as_select())
        .limit(page.fetch())
        .into_boxed::<Backend>();
    if let Some(user_id) = user_id {
        query = query.filter(session_sessions::user_id.eq(user_id));
    }
    query = match (page.direction, page.after) {
        (Direction::Asc, Some(after)) => query.filter(session_sessions::id.gt(after)),
        (Direction::Desc, Some(after)) => query.filter(session_sessions::id.lt(after)),
        (_, None) => query,
    };
    query = match page.direction {
        Direction::Asc => query.order(session_sessions::id.asc()),
        Direction::Desc => query.order(session_sessions::id.desc()),
    };
    Ok(query.load(conn).await?)
}

pub(crate) async fn set_token(
    conn: &mut Conn,
    realm_id: String,
    id: String,
    sealed: String,
    mark: String,
) -> Result<(), StoreError> {
    let row = session_sessions::table
        .filter(session_sessions::id.eq(id))
        .filter(session_sessions::realm_id.eq(realm_id));
    diesel::update(row)
        .set((
            session_sessions::token_sealed.eq(sealed),
            session_sessions::token_mark.eq(mark),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn end_session(
    conn: &mut Conn,
    realm_id: String,
    id: String,
    now: i64,
    holder: String,
    event: NewEvent,
) -> Result<Option<SessionRow>, StoreError> {
    let live = session_sessions::table
        .filter(session_sessions::id.eq(id))
        .filter(session_sessions::realm_id.eq(realm_id))
        .filter(session_sessions::expires_at.gt(now));
    let ended: Option<SessionRow> = diesel::delete(live)
        .returning(SessionRow::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    if let Some(ended) = &ended {
        let event = NewEvent {
            user_id: Some(ended.user_id.clone()),
            session_id: Some(ended.id.clone()),
            expires_at: Some(ended.expires_at.div_euclid(1000)),
            ..event
        };
        outbox::add_events(conn, &holder, &[event]).await?;
    }
    Ok(ended)
}

pub(crate) async fn prune_sessions(conn: &mut Conn, now: i64, limit: i64) -> Result<usize, StoreError> {
    let ids: Vec<String> = session_sessions::table
        .filter(session_sessions::expires_at.le(now))
        .order(session_sessions::expires_at)
        .select(session_sessions::id)
        .limit(limit)
        .load(conn)
        .await?;
    let gone = diesel::delete(session_sessions::table.filter(session_sessions::id.eq_any(ids)));
    Ok(gone.execute(conn).await?)
}
