//! Event's rows: where rules meet SQL. The queries are written once, in `queries/`, and compiled for each database.
//!
//! To add a query: write it in `queries/<noun>.rs`, then name it in the list below.

/// What is left of a realm that was wiped: the events behind the last that went.
macro_rules! not_wiped {
    () => {
        diesel::dsl::not(diesel::dsl::exists(
            crate::store::schema::event_wipes::table
                .filter(crate::store::schema::event_wipes::realm_id.eq(events::realm_id))
                .filter(crate::store::schema::event_wipes::up_to.ge(events::id)),
        ))
    };
}

mod pg;
#[cfg(test)]
mod plans;
mod rows;
mod schema;
mod settings;
mod sqlite;
#[cfg(test)]
mod wiped;

use gantry_db::Db;
use gantry_kernel::Page;

use crate::rules::event::Event;
use crate::rules::list::EventQuery;

pub(crate) use rows::EventRow;
pub(crate) use settings::{HookRow, MailingListProviderRow, MailingListSubscriptionRow, SmtpProviderRow};

/// What an append did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Appended {
    /// How many events were new.
    pub(crate) stored: usize,
    /// The last seq given out; 0 when nothing was new.
    pub(crate) last: i64,
}

/// Event's tables in whichever database is in use.
#[derive(Clone)]
pub(crate) struct Store {
    db: Db,
}

impl Store {
    /// A store on an open database.
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}

gantry_db::store!(Store {
    /// Stores the events that are not stored yet, in the order given.
    write append::append_events(events: Vec<Event>) -> Appended;

    /// Finds an event of a realm.
    read events::find_event(realm: String, id: String) -> Option<EventRow>;
    /// Lists a page of a realm's events, and one more if there is one.
    read events::list_events(query: EventQuery) -> Vec<EventRow>;

    /// Tells the last seq given out: what has it or a smaller one can be read.
    read feed::get_last() -> i64;
    /// Lists a realm's events behind a seq, oldest first.
    read feed::list_realm_behind(realm: String, seq: i64, limit: i64) -> Vec<EventRow>;
    /// Lists all realms' events behind a seq, oldest first.
    read feed::list_behind(seq: i64, limit: i64) -> Vec<EventRow>;

    /// Finds a hook of a realm.
    read settings::find_hook(realm: String, id: String) -> Option<HookRow>;
    /// Lists a realm's hooks.
    read settings::list_hooks(realm: String, page: Page) -> Vec<HookRow>;
    /// Adds a hook.
    write settings::add_hook(row: HookRow) -> ();
    /// Changes a hook, unless somebody else did since it was read.
    write settings::set_hook(row: HookRow, read_at: i64) -> bool;
    /// Removes a hook.
    write settings::remove_hook(realm: String, id: String) -> Option<HookRow>;

    /// Finds an SMTP provider of a realm.
    read settings::find_smtp_provider(realm: String, id: String) -> Option<SmtpProviderRow>;
    /// Lists a realm's SMTP providers.
    read settings::list_smtp_providers(realm: String, page: Page) -> Vec<SmtpProviderRow>;
    /// Adds an SMTP provider.
    write settings::add_smtp_provider(row: SmtpProviderRow) -> ();
    /// Changes an SMTP provider, unless somebody else did since it was read.
    write settings::set_smtp_provider(row: SmtpProviderRow, read_at: i64) -> bool;
    /// Removes an SMTP provider.
    write settings::remove_smtp_provider(realm: String, id: String) -> Option<SmtpProviderRow>;

    /// Finds a mailing-list provider of a realm.
    read settings::find_mailing_list_provider(realm: String, id: String) -> Option<MailingListProviderRow>;
    /// Lists a realm's mailing-list providers.
    read settings::list_mailing_list_providers(realm: String, page: Page) -> Vec<MailingListProviderRow>;
    /// Adds a mailing-list provider.
    write settings::add_mailing_list_provider(row: MailingListProviderRow) -> ();
    /// Changes a mailing-list provider, unless somebody else did since it was read.
    write settings::set_mailing_list_provider(row: MailingListProviderRow, read_at: i64) -> bool;
    /// Removes a mailing-list provider.
    write settings::remove_mailing_list_provider(realm: String, id: String) -> Option<MailingListProviderRow>;

    /// Finds a mailing-list subscription of a realm.
    read settings::find_mailing_list_subscription(realm: String, id: String) -> Option<MailingListSubscriptionRow>;
    /// Lists a realm's mailing-list subscriptions.
    read settings::list_mailing_list_subscriptions(realm: String, hook: Option<String>, user: Option<String>, page: Page) -> Vec<MailingListSubscriptionRow>;
    /// Adds a mailing-list subscription.
    write settings::add_mailing_list_subscription(row: MailingListSubscriptionRow) -> ();
    /// Changes a mailing-list subscription, unless somebody else did since it was read.
    write settings::set_mailing_list_subscription(row: MailingListSubscriptionRow, read_at: i64) -> bool;
    /// Removes a mailing-list subscription.
    write settings::remove_mailing_list_subscription(realm: String, id: String) -> Option<MailingListSubscriptionRow>;

    /// Notes that a realm's events up to an id are gone, and removes its users' subscriptions, with `whole` also hooks and providers.
    write wipes::mark_wiped(realm: String, up_to: String, whole: bool) -> ();
    /// Removes at most `limit` events that are gone; tells whether there may be more.
    write wipes::wipe(realm: String, up_to: String, limit: i64) -> bool;
});
