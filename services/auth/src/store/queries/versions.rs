//! How often what realms and users are seen as was changed. Triggers count (migration 0010_versions); here is only read.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;

use super::Conn;
use crate::store::schema::{auth_realms as realms, auth_users as users, auth_versions as versions};

pub(crate) async fn list_versions(
    conn: &mut Conn,
    realm_ids: Vec<String>,
    user_ids: Vec<String>,
) -> Result<Vec<(String, Option<i64>, Option<bool>)>, StoreError> {
    // From the realms and users themselves: who is gone has no version, and nothing of theirs is remembered.
    let of_realms = realms::table
        .left_join(versions::table.on(versions::id.eq(realms::id)))
        .filter(realms::id.eq_any(realm_ids))
        .filter(realms::deleted_at.is_null())
        .select((realms::id, versions::number.nullable(), versions::timed.nullable()));
    let of_users = users::table
        .left_join(versions::table.on(versions::id.eq(users::id)))
        .filter(users::id.eq_any(user_ids))
        .select((users::id, versions::number.nullable(), versions::timed.nullable()));
    Ok(of_realms.union_all(of_users).load(conn).await?)
}
