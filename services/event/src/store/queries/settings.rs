//! Hooks, their providers and subscriptions. Every query names the realm: what belongs to another is not there (T-03).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use gantry_db::{StoreError, by_id};
use gantry_kernel::Page;

use super::{Backend, Conn};
use crate::store::schema::{event_hooks, event_list_providers, event_smtp_providers, event_subscriptions};
use crate::store::{HookRow, MailingListProviderRow, MailingListSubscriptionRow, SmtpProviderRow};

/// What is done with one of a kind.
macro_rules! one {
    ($row:ident in $table:ident: $find:ident, $add:ident, $set:ident, $remove:ident) => {
        pub(crate) async fn $find(conn: &mut Conn, realm: String, id: String) -> Result<Option<$row>, StoreError> {
            let own = $table::table.find(id).filter($table::realm_id.eq(realm));
            Ok(own.select($row::as_select()).first(conn).await.optional()?)
        }

        pub(crate) async fn $add(conn: &mut Conn, row: $row) -> Result<(), StoreError> {
            diesel::insert_into($table::table)
                .values(row)
                .execute(conn)
                .await?;
            Ok(())
        }

        /// Puts a row in the place of the one that was read, unless somebody else did so meanwhile.
        pub(crate) async fn $set(conn: &mut Conn, row: $row, read_at: i64) -> Result<bool, StoreError> {
            let same = $table::table
                .find(row.id.clone())
                .filter($table::realm_id.eq(row.realm_id.clone()))
                .filter($table::updated_at.eq(read_at));
            Ok(diesel::update(same).set(&row).execute(conn).await? > 0)
        }

        pub(crate) async fn $remove(conn: &mut Conn, realm: String, id: String) -> Result<Option<$row>, StoreError> {
            let own = $table::table.find(id).filter($table::realm_id.eq(realm));
            let gone = diesel::delete(own).returning($row::as_returning());
            Ok(gone.get_result(conn).await.optional()?)
        }
    };
}

/// A realm's rows of a kind, a page of them.
macro_rules! list {
    ($row:ident in $table:ident: $list:ident($( $filter:ident = $column:ident ),*)) => {
        pub(crate) async fn $list(
            conn: &mut Conn,
            realm: String,
            $( $filter: Option<String>, )*
            page: Page,
        ) -> Result<Vec<$row>, StoreError> {
            let mut query = $table::table
                .filter($table::realm_id.eq(realm))
                .select($row::as_select())
                .limit(page.fetch())
                .into_boxed::<Backend>();
            $(
                if let Some(value) = $filter {
                    query = query.filter($table::$column.eq(value));
                }
            )*
            query = by_id!(query, $table::id, page);
            Ok(query.load(conn).await?)
        }
    };
}

one!(HookRow in event_hooks: find_hook, add_hook, set_hook, remove_hook);
list!(HookRow in event_hooks: list_hooks());

one!(SmtpProviderRow in event_smtp_providers:
    find_smtp_provider, add_smtp_provider, set_smtp_provider, remove_smtp_provider);
list!(SmtpProviderRow in event_smtp_providers: list_smtp_providers());

one!(MailingListProviderRow in event_list_providers:
    find_mailing_list_provider, add_mailing_list_provider, set_mailing_list_provider, remove_mailing_list_provider);
list!(MailingListProviderRow in event_list_providers: list_mailing_list_providers());

one!(MailingListSubscriptionRow in event_subscriptions:
    find_mailing_list_subscription, add_mailing_list_subscription, set_mailing_list_subscription,
    remove_mailing_list_subscription);
list!(MailingListSubscriptionRow in event_subscriptions:
    list_mailing_list_subscriptions(hook = hook_id, user = user_id));

/// The provider that sends a realm's mail: the first of those that are active.
pub(crate) async fn find_sender(conn: &mut Conn, realm: String) -> Result<Option<SmtpProviderRow>, StoreError> {
    let active = event_smtp_providers::table
        .filter(event_smtp_providers::realm_id.eq(realm))
        .filter(event_smtp_providers::state.eq("active"))
        .order(event_smtp_providers::id)
        .limit(1);
    Ok(active
        .select(SmtpProviderRow::as_select())
        .first(conn)
        .await
        .optional()?)
}
