//! Forgets events that are older than their realm keeps them.
//!
//! What is over is hidden first, by the same mark that hides what was wiped, and so from lists, watchers and deliveries at once; then it
//! is removed a batch at a time. Several processes may do it: what one removed the other does not find.

use gantry_db::StoreError;
use gantry_kernel::{EventId, Id};

use crate::State;
use crate::rules::list::first_at;
use crate::rules::retention::{cutoff, kept};

/// Rows that go in one transaction, and transactions for one realm in a round: little enough that nobody waits for it.
const BATCH: i64 = 1000;
const BATCHES: usize = 20;

/// Goes through all realms once; tells whether there may be more to remove at once.
pub(crate) async fn round(state: &State) -> bool {
    let mut behind = String::new();
    let mut more = false;
    while !state.stop.is_cancelled() {
        match realm(state, &mut behind).await {
            Ok(None) => return more,
            Ok(Some(left)) => more |= left,
            Err(error) => {
                tracing::warn!(%error, "events that are over cannot be removed for now");
                return false;
            }
        }
    }
    false
}

/// The next realm; `None` behind the last.
async fn realm(state: &State, behind: &mut String) -> Result<Option<bool>, StoreError> {
    let Some(realm) = state.store.next_realm(behind.clone()).await? else {
        return Ok(None);
    };
    behind.clone_from(&realm);
    let own = state.store.find_retention(realm.clone()).await?;
    let Some(days) = kept(own, state.retention_days) else {
        return Ok(Some(false));
    };
    let Some(last) = first_at::<EventId>(cutoff(days, state.clock.now_ms())) else {
        return Ok(Some(false));
    };
    if !state.store.expire(realm.clone(), last.as_str().to_owned()).await? {
        return Ok(Some(false));
    }
    let digits = last.as_str().strip_prefix(EventId::PREFIX).unwrap_or_default();
    for _ in 0..BATCHES {
        if !state.store.wipe(realm.clone(), digits.to_owned(), BATCH).await? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}
