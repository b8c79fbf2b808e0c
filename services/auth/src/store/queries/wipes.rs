//! Wipes realms: what is to go is gone at once, by its id, and removed a batch at a time.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{Id, InvitationId, OrgId, UserId};

use super::{Conn, tasks};
use crate::store::rows::{RealmRow, TaskRow};
use crate::store::schema::{
    auth_api_keys as keys, auth_client_apps as apps, auth_domains as domains, auth_invitations as invitations,
    auth_named_permissions as permissions, auth_orgs as orgs, auth_realms as realms, auth_resource_links as links,
    auth_users as users,
};

pub(crate) async fn mark_wiped(
    conn: &mut Conn,
    realm: String,
    up_to: String,
    task: TaskRow,
) -> Result<Option<RealmRow>, StoreError> {
    let alive = realms::table.find(&realm).filter(realms::deleted_at.is_null());
    // Never back: another process's clock may be behind.
    let later = case_when(realms::wiped_to.lt(up_to.clone()), up_to.into_sql::<Text>()).otherwise(realms::wiped_to);
    let update = diesel::update(alive)
        .set(realms::wiped_to.eq(later))
        .returning(RealmRow::as_returning());
    let marked: Option<RealmRow> = update.get_result(conn).await.optional()?;
    if marked.is_some() {
        tasks::add_task(conn, &task).await?;
    }
    Ok(marked)
}

pub(crate) async fn mark_deleted(
    conn: &mut Conn,
    realm: String,
    up_to: String,
    now: i64,
    task: TaskRow,
) -> Result<Option<RealmRow>, StoreError> {
    let Some(marked) = mark_wiped(conn, realm.clone(), up_to, task).await? else {
        return Ok(None);
    };
    diesel::update(realms::table.find(&realm))
        .set(realms::deleted_at.eq(now))
        .execute(conn)
        .await?;
    // Few, and what leads to the realm or is shown with it: its hosts are free and its keys are worth nothing from now on.
    diesel::delete(domains::table.filter(domains::realm_id.eq(&realm)))
        .execute(conn)
        .await?;
    diesel::delete(apps::table.filter(apps::realm_id.eq(&realm)))
        .execute(conn)
        .await?;
    diesel::delete(permissions::table.filter(permissions::realm_id.eq(&realm)))
        .execute(conn)
        .await?;
    diesel::delete(links::table.filter(links::realm_id.eq(&realm)))
        .execute(conn)
        .await?;
    diesel::delete(keys::table.filter(keys::realm_id.eq(&realm)))
        .execute(conn)
        .await?;
    Ok(Some(marked))
}

/// Removes at most `limit` of what is gone, users before orgs before invitations; what hangs on each goes with it. Tells whether there
/// may be more.
pub(crate) async fn wipe(conn: &mut Conn, realm: String, up_to: String, limit: i64) -> Result<bool, StoreError> {
    macro_rules! batch {
        ($table:ident, $id:ty) => {{
            let ids: Vec<String> = $table::table
                .filter($table::realm_id.eq(&realm))
                .filter($table::id.le(format!("{}{up_to}", <$id>::PREFIX)))
                .select($table::id)
                .order($table::id)
                .limit(limit)
                .load(conn)
                .await?;
            let count = ids.len();
            if count > 0 {
                diesel::delete($table::table.filter($table::id.eq_any(ids)))
                    .execute(conn)
                    .await?;
                return Ok(true);
            }
        }};
    }
    batch!(users, UserId);
    batch!(orgs, OrgId);
    batch!(invitations, InvitationId);
    Ok(false)
}

/// Removes a realm that was marked deleted, and what is left of it.
pub(crate) async fn remove_realm(conn: &mut Conn, realm: String) -> Result<(), StoreError> {
    let gone = realms::table.find(realm).filter(realms::deleted_at.is_not_null());
    diesel::delete(gone).execute(conn).await?;
    Ok(())
}

/// Makes room for an e-mail address and a username that only somebody holds who went with a reset and is not removed yet.
pub(crate) async fn make_room(
    conn: &mut Conn,
    realm: &str,
    email: Option<&str>,
    username_key: Option<&str>,
) -> Result<(), StoreError> {
    macro_rules! gone {
        ($column:ident, $held:expr) => {
            users::table
                .filter(users::realm_id.eq(realm))
                .filter(users::$column.eq($held))
                .filter(diesel::dsl::not(alive!(users::id, "usr_", realm)))
        };
    }
    if let Some(email) = email {
        diesel::delete(gone!(email, email)).execute(conn).await?;
    }
    if let Some(key) = username_key {
        diesel::delete(gone!(username_key, key)).execute(conn).await?;
    }
    Ok(())
}
