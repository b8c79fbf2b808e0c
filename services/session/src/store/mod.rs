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

pub(crate) use rows::{
    Ending, KeyHead, KeyRow, OauthRow, OauthToken, PublicKeyRow, Seen, SessionHead, SessionRow, StockRow,
};
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
    /// Finds sessions that live at `now` by their ids, of whichever realm, each with the keys of its realm.
    keyed sessions::find_sessions(ids: Vec<String>, now: i64) -> Vec<(SessionRow, Option<KeyHead>)>;
    /// Finds, of sessions that live at `now`, what an answer about them depends on, with the keys of the realm in the order of their turns.
    keyed sessions::list_session_heads(ids: Vec<String>, now: i64) -> Vec<(SessionHead, Option<KeyHead>)>;
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

    /// Finds the key that signs a realm's tokens with an algorithm at `now`.
    read keys::find_signing_key(realm_id: String, algo: String, now: i64) -> Option<KeyRow>;
    /// Finds a realm's key.
    read keys::find_key(realm_id: String, id: String) -> Option<KeyRow>;
    /// Lists realms' public keys, in the order of their turns.
    keyed keys::list_public_keys_of(realms: Vec<String>) -> Vec<PublicKeyRow>;
    /// Lists which keys realms have, in the order of their turns.
    keyed keys::list_turns(realms: Vec<String>) -> Vec<(String, KeyHead)>;
    /// Gives a realm a key; a duplicate in `algo` when it has one already.
    write keys::add_key(row: KeyRow) -> KeyRow;
    /// Gives a realm a key out of the stock; none when the stock is empty, a duplicate in `algo` when one is to be provided and was
    /// already.
    write keys::take_from_stock(realm_id: String, algo: String, now: i64, signs_from: i64, provided: bool) -> Option<KeyRow>;
    /// Lists the realm's keys, of all algorithms, in the order of their turns.
    read keys::list_all_keys(realm_id: String) -> Vec<KeyRow>;
    /// Lets a key sign from `now` on.
    write keys::turn_key(realm_id: String, id: String, now: i64) -> Option<KeyRow>;
    /// Removes a key; when none of its algorithm signs then, the next one does from `now` on.
    write keys::remove_key(realm_id: String, id: String, now: i64) -> Option<KeyRow>;
    /// Whether a session lives at `now` whose id's digits are below these.
    read keys::has_session_below(realm_id: String, below: String, now: i64) -> bool;
    /// Removes a key unless a session lives at `now` whose id's digits are below these; tells whether it did.
    write keys::retire_key(realm_id: String, id: String, below: String, now: i64) -> bool;
    /// Adds an OAuth2 session that waits for its code to be taken.
    write oauth::add_oauth(row: OauthRow) -> ();
    /// Finds the OAuth2 session of a realm by its code's digest.
    read oauth::find_oauth_code(realm_id: String, code_hash: String) -> Option<OauthRow>;
    /// Finds an OAuth2 session of a realm that lives at `now`.
    read oauth::find_oauth(realm_id: String, id: String, now: i64) -> Option<OauthRow>;
    /// Takes a code that is good at `now`, unless it was taken.
    write oauth::take_oauth_code(id: String, now: i64, token: OauthToken) -> Option<OauthRow>;
    /// Ends an OAuth2 session.
    write oauth::remove_oauth(id: String) -> ();
    /// Removes at most `limit` OAuth2 sessions that ended before `now`; tells how many.
    write oauth::prune_oauth(now: i64, limit: i64) -> usize;

    /// Notes that a realm's sessions up to an id are gone, and with `whole` removes its keys.
    write wipes::mark_wiped(realm_id: String, up_to: String, whole: bool) -> ();
    /// Removes at most `limit` of each kind of what is gone; tells whether there may be more.
    write wipes::wipe(realm_id: String, up_to: String, limit: i64) -> bool;

    /// Counts the keys in stock.
    read keys::count_stock() -> i64;
    /// Adds a key to the stock.
    write keys::add_stock(row: StockRow) -> ();

    /// Lists events to hand over.
    read outbox::list_pending(holder: String, before: i64, limit: i64) -> Vec<NewEvent>;
    /// Lists when events were made that wait.
    read outbox::list_waiting(limit: i64) -> Vec<i64>;
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
