//! Event's rows: where rules meet SQL. The queries are written once, in `queries/`, and compiled for each database.
//!
//! To add a query: write it in `queries/<noun>.rs`, then name it in the list below.

mod pg;
#[cfg(test)]
mod plans;
mod rows;
mod schema;
mod sqlite;

use gantry_db::Db;

use crate::rules::event::Event;
use crate::rules::list::EventQuery;

pub(crate) use rows::EventRow;

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
});
