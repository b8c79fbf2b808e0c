//! Session's tables, on either database: each method is a query function, compiled for both.

mod pg;
mod rows;
mod schema;
mod sqlite;
#[cfg(test)]
mod tests;
mod together;

use gantry_db::{Db, StoreError};
use gantry_kernel::{IdSource, Page};
use gantry_outbox::{NewEvent, Outbox};

pub(crate) use rows::{Ending, KeyHead, KeyRow, PublicKeyRow, Seen, SessionRow, StockRow};
#[cfg(test)]
pub(crate) use tests::{migrated, row};

/// Session's tables.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    db: Db,
    questions: together::Questions,
}

impl Store {
    /// The tables in a database.
    pub(crate) fn new(db: Db) -> Self {
        let questions = together::Questions::default();
        Self { db, questions }
    }
}

gantry_db::store!(Store {
    /// Adds a session.
    statement sessions::add_session(row: SessionRow) -> ();
    /// Finds sessions that live at `now` by their ids, of whichever realm, each with the keys of its realm that are not retired by then.
    keyed sessions::find_sessions(ids: Vec<String>, now: i64) -> Vec<(SessionRow, Option<KeyHead>)>;
    /// Lists sessions of a realm that live at `now`, of one user or of all.
    read sessions::list_sessions(realm_id: String, user_id: Option<String>, now: i64, page: Page) -> Vec<SessionRow>;
    /// Keeps the token last built for a session.
    statement sessions::set_token(realm_id: String, id: String, sealed: String, mark: String) -> ();
    /// Ends a session of a realm that lives at `now`, and notes the event down, completed with what was ended.
    write sessions::end_session(realm_id: String, id: String, now: i64, holder: String, event: NewEvent) -> Option<SessionRow>;
    /// Ends at most `limit` live sessions, each with the event, completed; tells how many it found.
    write ending::end_sessions(ending: Ending, limit: i64, ids: IdSource, holder: String, event: NewEvent) -> usize;
    /// Removes at most `limit` sessions that ended before `now`; tells how many.
    write sessions::prune_sessions(now: i64, limit: i64) -> usize;

    /// Finds the key that signs a realm's tokens with an algorithm.
    read keys::find_signing_key(realm_id: String, algo: String) -> Option<KeyRow>;
    /// Finds a realm's key.
    read keys::find_key(realm_id: String, id: String) -> Option<KeyRow>;
    /// Lists realms' public keys that are not retired at `now`, oldest first.
    keyed keys::list_public_keys_of(realms: Vec<String>, now: i64) -> Vec<PublicKeyRow>;
    /// Gives a realm a key; a duplicate in `algo` when it has one already.
    write keys::add_key(row: KeyRow) -> KeyRow;
    /// Gives a realm a key out of the stock; none when the stock is empty, a duplicate in `algo` when the realm has one already.
    write keys::take_from_stock(realm_id: String, algo: String, now: i64) -> Option<KeyRow>;
    /// Counts the keys in stock.
    read keys::count_stock() -> i64;
    /// Adds a key to the stock.
    write keys::add_stock(row: StockRow) -> ();

    /// Lists events to hand over.
    read outbox::list_pending(holder: String, before: i64, limit: i64) -> Vec<NewEvent>;
    /// Forgets events that were handed over.
    write outbox::remove_events(ids: Vec<String>) -> ();
});

impl Outbox for Store {
    async fn list_pending(&self, holder: String, before: i64, limit: i64) -> Result<Vec<NewEvent>, StoreError> {
        Self::list_pending(self, holder, before, limit).await
    }

    async fn remove_events(&self, ids: Vec<String>) -> Result<(), StoreError> {
        Self::remove_events(self, ids).await
    }
}
