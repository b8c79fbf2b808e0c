//! How a hook fares: since when nothing has arrived, and the end of it.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::IdSource;

use super::Conn;
use super::append::append_events;
use crate::rules::event::Event;
use crate::store::Appended;
use crate::store::schema::{event_hooks as hooks, event_notifications as notifications};

/// Counts attempts that failed; tells since when all have, and how many. `None` when the hook is gone.
pub(crate) async fn note_failing(
    conn: &mut Conn,
    hook: String,
    count: i64,
    now: i64,
) -> Result<Option<(i64, i64)>, StoreError> {
    let since = case_when(hooks::failing_since.is_null(), Some(now).into_sql::<Nullable<BigInt>>())
        .otherwise(hooks::failing_since);
    let set = (
        hooks::failing_since.eq(since),
        hooks::failing_count.eq(hooks::failing_count + count),
    );
    let told: Option<(Option<i64>, i64)> = diesel::update(hooks::table.find(hook))
        .set(set)
        .returning((hooks::failing_since, hooks::failing_count))
        .get_result(conn)
        .await
        .optional()?;
    Ok(told.map(|(since, count)| (since.unwrap_or(now), count)))
}

/// Forgets failures: something has arrived.
pub(crate) async fn note_well(conn: &mut Conn, hook: String) -> Result<(), StoreError> {
    diesel::update(hooks::table.find(hook))
        .set((hooks::failing_since.eq(None::<i64>), hooks::failing_count.eq(0)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Switches a hook off, and stores the event that tells so; nothing when somebody has switched it off meanwhile.
pub(crate) async fn switch_off(
    conn: &mut Conn,
    hook: String,
    event: Event,
    now: i64,
    ids: IdSource,
) -> Result<Appended, StoreError> {
    let active = hooks::table.find(hook).filter(hooks::state.eq("active"));
    // Whoever read the hook before is told that it was changed.
    let set = (hooks::state.eq("inactive"), hooks::updated_at.eq(hooks::updated_at + 1));
    if diesel::update(active).set(set).execute(conn).await? == 0 {
        return Ok(Appended::default());
    }
    append_events(conn, vec![event], now, ids).await
}

/// How much waits to be delivered, and the id of the oldest of it.
pub(crate) async fn measure_queue(conn: &mut Conn) -> Result<(i64, Option<String>), StoreError> {
    let waiting = notifications::table.filter(notifications::due_at.is_not_null());
    let count = waiting.count().get_result(conn).await?;
    let oldest = waiting.select(notifications::id).order(notifications::id).limit(1);
    Ok((count, oldest.first(conn).await.optional()?))
}
