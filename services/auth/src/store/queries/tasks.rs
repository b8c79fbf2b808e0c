//! What other services are still to be told.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use crate::store::rows::TaskRow;
use crate::store::schema::auth_tasks as tasks;

/// Notes a task down; to be called in the transaction of the change.
pub(crate) async fn add_task(conn: &mut Conn, task: &TaskRow) -> Result<(), StoreError> {
    diesel::insert_into(tasks::table).values(task).execute(conn).await?;
    Ok(())
}

pub(crate) async fn put_task(conn: &mut Conn, task: TaskRow) -> Result<(), StoreError> {
    add_task(conn, &task).await
}

pub(crate) async fn list_due_tasks(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<TaskRow>, StoreError> {
    let due = tasks::table
        .filter(tasks::due_at.le(now))
        .order((tasks::due_at, tasks::id))
        .select(TaskRow::as_select())
        .limit(limit);
    Ok(due.load(conn).await?)
}

pub(crate) async fn take_up_task(conn: &mut Conn, task: TaskRow, until: i64) -> Result<bool, StoreError> {
    // Of several processes that saw it due, one moves it on.
    let seen = tasks::table.find(&task.id).filter(tasks::due_at.eq(task.due_at));
    let moved = diesel::update(seen).set(tasks::due_at.eq(until)).execute(conn).await?;
    Ok(moved > 0)
}

pub(crate) async fn remove_task(conn: &mut Conn, id: String) -> Result<(), StoreError> {
    diesel::delete(tasks::table.find(id)).execute(conn).await?;
    Ok(())
}
