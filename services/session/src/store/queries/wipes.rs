//! Wipes realms: what is to go is gone at once, and removed a batch at a time.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Id, OauthSessionId, SessionId};

use super::super::schema::{session_keys, session_oauth, session_sessions, session_wipes};
use super::Conn;

pub(crate) async fn mark_wiped(
    conn: &mut Conn,
    realm_id: String,
    up_to: String,
    whole: bool,
) -> Result<(), StoreError> {
    let last = format!("{}{up_to}", SessionId::PREFIX);
    // Never back, when an earlier wipe is finished late.
    let later = case_when(session_wipes::up_to.lt(last.clone()), last.clone().into_sql::<Text>())
        .otherwise(session_wipes::up_to);
    diesel::insert_into(session_wipes::table)
        .values((session_wipes::realm_id.eq(&realm_id), session_wipes::up_to.eq(&last)))
        .on_conflict(session_wipes::realm_id)
        .do_update()
        .set(session_wipes::up_to.eq(later))
        .execute(conn)
        .await?;
    if whole {
        let keys = session_keys::table.filter(session_keys::realm_id.eq(realm_id));
        diesel::delete(keys).execute(conn).await?;
    }
    Ok(())
}

/// Removes a batch; tells whether it was full.
pub(crate) async fn wipe(conn: &mut Conn, realm_id: String, up_to: String, limit: i64) -> Result<bool, StoreError> {
    let sessions: Vec<String> = session_sessions::table
        .filter(session_sessions::realm_id.eq(&realm_id))
        .filter(session_sessions::id.le(format!("{}{up_to}", SessionId::PREFIX)))
        .select(session_sessions::id)
        .order(session_sessions::id)
        .limit(limit)
        .load(conn)
        .await?;
    let oauth: Vec<String> = session_oauth::table
        .filter(session_oauth::realm_id.eq(&realm_id))
        .filter(session_oauth::id.le(format!("{}{up_to}", OauthSessionId::PREFIX)))
        .select(session_oauth::id)
        .order(session_oauth::id)
        .limit(limit)
        .load(conn)
        .await?;
    let most = sessions.len().max(oauth.len());
    diesel::delete(session_sessions::table.filter(session_sessions::id.eq_any(sessions)))
        .execute(conn)
        .await?;
    diesel::delete(session_oauth::table.filter(session_oauth::id.eq_any(oauth)))
        .execute(conn)
        .await?;
    Ok(i64::try_from(most).is_ok_and(|most| most >= limit))
}
