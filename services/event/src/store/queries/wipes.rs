//! Wipes realms: what is to go is gone at once, and removed a batch at a time.

use std::collections::HashMap;

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use gantry_db::StoreError;
use gantry_kernel::{EventId, Id, MailingListSubscriptionId};

use super::Conn;
use crate::store::schema::{
    event_events as events, event_hooks as hooks, event_lanes as lanes, event_list_providers as lists,
    event_notifications as notifications, event_retentions as retentions, event_smtp_providers as smtp,
    event_subscriptions as subscriptions, event_wipes as wipes,
};

pub(crate) async fn mark_wiped(conn: &mut Conn, realm: String, up_to: String, whole: bool) -> Result<(), StoreError> {
    hide(conn, &realm, &format!("{}{up_to}", EventId::PREFIX)).await?;
    // Subscriptions are users', and those of users who came after stay; hooks and providers configure the realm.
    let theirs = subscriptions::table
        .filter(subscriptions::realm_id.eq(&realm))
        .filter(subscriptions::id.le(format!("{}{up_to}", MailingListSubscriptionId::PREFIX)));
    diesel::delete(theirs).execute(conn).await?;
    if whole {
        // Notifications go with their events.
        diesel::delete(lanes::table.filter(lanes::realm_id.eq(&realm)))
            .execute(conn)
            .await?;
        diesel::delete(retentions::table.find(&realm)).execute(conn).await?;
        diesel::delete(hooks::table.filter(hooks::realm_id.eq(&realm)))
            .execute(conn)
            .await?;
        diesel::delete(lists::table.filter(lists::realm_id.eq(&realm)))
            .execute(conn)
            .await?;
        diesel::delete(smtp::table.filter(smtp::realm_id.eq(&realm)))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Hides a realm's events up to an id, never fewer than are hidden already.
pub(super) async fn hide(conn: &mut Conn, realm: &str, last: &str) -> Result<(), StoreError> {
    // Never back, when an earlier wipe is finished late.
    let later = case_when(wipes::up_to.lt(last.to_owned()), last.to_owned().into_sql::<Text>()).otherwise(wipes::up_to);
    diesel::insert_into(wipes::table)
        .values((wipes::realm_id.eq(realm), wipes::up_to.eq(last)))
        .on_conflict(wipes::realm_id)
        .do_update()
        .set(wipes::up_to.eq(later))
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes a batch, with its notifications and the log of their attempts; tells whether it was full.
pub(crate) async fn wipe(conn: &mut Conn, realm: String, up_to: String, limit: i64) -> Result<bool, StoreError> {
    let ids: Vec<String> = events::table
        .filter(events::realm_id.eq(realm))
        .filter(events::id.le(format!("{}{up_to}", EventId::PREFIX)))
        .select(events::id)
        .order(events::id)
        .limit(limit)
        .load(conn)
        .await?;
    let count = ids.len();
    diesel::delete(notifications::table.filter(notifications::event_id.eq_any(ids.clone())))
        .execute(conn)
        .await?;
    diesel::delete(events::table.filter(among!(ids))).execute(conn).await?;
    Ok(i64::try_from(count).is_ok_and(|count| count >= limit))
}

/// Takes a user who is gone off all mailing lists.
pub(crate) async fn forget_user(conn: &mut Conn, realm: &str, user: &str) -> Result<(), StoreError> {
    let theirs = subscriptions::table
        .filter(subscriptions::realm_id.eq(realm))
        .filter(subscriptions::user_id.eq(user));
    diesel::delete(theirs).execute(conn).await?;
    Ok(())
}

/// Up to which event realms are wiped, of those that are at all.
pub(crate) async fn wiped(conn: &mut Conn, realms: Vec<String>) -> Result<HashMap<String, String>, StoreError> {
    let query = wipes::table.filter(wipes::realm_id.eq_any(realms));
    let rows: Vec<(String, String)> = query.select((wipes::realm_id, wipes::up_to)).load(conn).await?;
    Ok(rows.into_iter().collect())
}
