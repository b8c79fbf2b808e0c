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

/// Events by their ids. The least and the greatest are named too, so that a table in parts is looked for in few of them.
macro_rules! among {
    ($ids:expr) => {{
        let ids: Vec<String> = $ids;
        let least = ids.iter().min().cloned().unwrap_or_default();
        let greatest = ids.iter().max().cloned().unwrap_or_default();
        events::id.eq_any(ids).and(events::id.between(least, greatest))
    }};
}

#[cfg(test)]
mod divided;
mod pg;
#[cfg(test)]
mod plans;
mod rows;
mod schema;
mod settings;
mod sqlite;
#[cfg(test)]
mod taken;
#[cfg(test)]
mod wiped;

use gantry_db::Db;
use gantry_kernel::{Direction, IdSource, Page};

use crate::rules::event::Event;
use crate::rules::list::EventQuery;
use crate::rules::partition::Partition;
use crate::rules::replay::Range;

pub(crate) use rows::{AttemptRow, Attempted, EventRow, LaneRow, NotificationRow};
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

    /// Whether events are divided by months, so that they can go by whole months.
    pub(crate) fn is_divided(&self) -> bool {
        matches!(self.db, Db::Pg(_))
    }
}

gantry_db::store!(Store {
    /// Stores the events that are not stored yet, in the order given, with the notifications of whom they are told to.
    write append::append_events(events: Vec<Event>, now: i64, ids: IdSource) -> Appended;

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

    /// Lists the notifications of events.
    read notifications::list_notifications(of: Vec<String>) -> Vec<NotificationRow>;
    /// Lists what is due in a lane, with the events.
    read notifications::list_due(lane: String, now: i64, limit: i64) -> Vec<(NotificationRow, Option<EventRow>)>;
    /// Lists what is due in a lane whose hook is told in order, with the events.
    write in_order::list_due_in_order(lane: String, now: i64, limit: i64) -> Vec<(NotificationRow, Option<EventRow>)>;
    /// Notes down what came of attempts.
    write notifications::note_attempts(tried: Vec<Attempted>) -> Vec<bool>;
    /// Calls off what a lane has still to deliver, a batch of it.
    write notifications::call_off(lane: String, why: String) -> bool;
    /// Removes notifications of hidden events from an id on and before another; looks at `limit`, and tells whether there may be more.
    write notifications::forget_notifications(from: String, to: String, limit: i64) -> bool;

    /// Lists what was told to places, with the events.
    read history::list_history(lanes: Vec<String>, range: Range, page: (Option<String>, Direction, i64)) -> Vec<(NotificationRow, Option<EventRow>)>;
    /// Finds a notification of a realm, with its event.
    read history::find_notification(realm: String, id: String) -> Option<(NotificationRow, EventRow)>;
    /// Lists the latest attempts of a notification.
    read history::list_attempts(notification: String) -> Vec<AttemptRow>;
    /// Lists the places that a realm's events are told to now.
    read history::list_lanes(realm: String) -> Vec<String>;
    /// Begins a notification anew.
    write history::replay_one(realm: String, row: NotificationRow, now: i64) -> ();
    /// Begins notifications of places anew, so many behind an id, at a time; answers their ids.
    write history::replay(realm: String, lanes: Vec<String>, range: Range, part: (Option<String>, i64, i64)) -> Vec<String>;

    /// Tells how much waits to be delivered, and the id of the oldest.
    read health::measure_queue() -> (i64, Option<String>);
    /// Counts attempts of a hook that failed.
    statement health::note_failing(hook: String, count: i64, now: i64) -> Option<(i64, i64)>;
    /// Forgets the failures of a hook.
    statement health::note_well(hook: String) -> ();
    /// Switches a hook off, and stores the event that tells so.
    write health::switch_off(hook: String, event: Event, now: i64, ids: IdSource) -> Appended;

    /// Tells when the first lane is due.
    read lanes::first_due() -> Option<i64>;
    /// Takes lanes that are due.
    write lanes::take_lanes(holder: String, times: (i64, i64), limit: i64) -> Vec<LaneRow>;
    /// Keeps a lane for its holder.
    statement lanes::keep_lane(id: String, holder: String, until: i64) -> bool;
    /// Leaves a lane.
    write lanes::leave_lane(id: String, holder: String, failures: (i64, i64)) -> ();
    /// Has somebody look at a lane now.
    statement lanes::look_at_lane(id: String, now: i64) -> ();

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
    /// Finds the provider that sends a realm's mail.
    read settings::find_sender(realm: String) -> Option<SmtpProviderRow>;
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

    /// Tells how many days a realm chose to keep its events.
    read retention::find_retention(realm: String) -> Option<i64>;
    /// Sets or clears them.
    write retention::set_retention(realm: String, days: Option<i64>) -> ();
    /// Finds the next realm that has events.
    read retention::next_realm(behind: String) -> Option<String>;
    /// Hides what a realm has up to an id; tells the oldest of it.
    write retention::expire(realm: String, last: String) -> Option<String>;

    /// Lists the partitions that events are divided into, oldest first.
    read partitions::list_partitions() -> Vec<Partition>;
    /// Makes a partition, unless it is there or another process changes partitions just now; tells whether it did.
    write partitions::make_partition(partition: Partition) -> bool;
    /// Tells the last seq in a partition, when all that it holds is hidden; 0 when it is empty.
    write partitions::find_settled(partition: Partition) -> Option<i64>;
    /// Drops a partition, unless something came into it behind a seq; tells whether it did.
    write partitions::drop_partition(partition: Partition, last: i64) -> bool;

    /// Notes that a realm's events up to an id are gone, and removes its users' subscriptions, with `whole` also hooks and providers.
    write wipes::mark_wiped(realm: String, up_to: String, whole: bool) -> ();
    /// Removes at most `limit` events that are gone; tells whether there may be more.
    write wipes::wipe(realm: String, up_to: String, limit: i64) -> bool;
});
