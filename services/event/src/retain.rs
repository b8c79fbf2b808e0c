//! Forgets events that are older than their realm keeps them.
//!
//! What is over is hidden first, by the same mark that hides what was wiped, and so from lists, watchers and deliveries at once; then it
//! is removed: by whole months where the database divides events by them and nobody keeps any longer, and else a batch at a time.
//! Several processes may do it: what one removed the other does not find.

mod partitions;

use gantry_db::StoreError;
use gantry_kernel::{EventId, Id};

use crate::State;
use crate::rules::list::first_at;
use crate::rules::retention::{Longest, cutoff, kept};

/// Rows that go in one transaction, and transactions for one realm or partition in a round: little enough that nobody waits for it.
const BATCH: i64 = 1000;
const BATCHES: usize = 20;

/// What of a realm is over.
struct Over {
    realm: String,
    days: i64,
    /// The oldest event that is over.
    oldest: String,
}

/// Goes through all realms once; tells whether there may be more to remove at once.
pub(crate) async fn round(state: &State) -> bool {
    partitions::make_ahead(state).await;
    match sweep(state).await {
        Ok(more) => more,
        Err(error) => {
            tracing::warn!(%error, "events that are over cannot be removed for now");
            false
        }
    }
}

async fn sweep(state: &State) -> Result<bool, StoreError> {
    // Read before what realms chose is: whatever is hidden was over while that choice stood, though the clock jumps meanwhile.
    let now = state.clock.now_ms();
    let (over, longest) = hide(state, now).await?;
    let mut more = partitions::forget_notifications(state, longest, now).await?;
    more |= partitions::drop_settled(state).await;
    for realm in over {
        if state.stop.is_cancelled() {
            return Ok(false);
        }
        more |= remove(state, realm, longest, now).await?;
    }
    Ok(more)
}

/// Hides what is over in each realm; tells where something is, and how long the longest keeps.
async fn hide(state: &State, now: i64) -> Result<(Vec<Over>, Longest), StoreError> {
    let (mut over, mut longest) = (Vec::new(), Longest::default());
    let mut behind = String::new();
    while !state.stop.is_cancelled() {
        let Some(realm) = state.store.next_realm(behind).await? else {
            break;
        };
        behind = realm.clone();
        let own = state.store.find_retention(realm.clone()).await?;
        let days = kept(own, state.retention_days);
        longest.count(days);
        let Some(days) = days else { continue };
        let Some(last) = first_at::<EventId>(cutoff(days, now)) else {
            continue;
        };
        if let Some(oldest) = state.store.expire(realm.clone(), last.into_string()).await? {
            over.push(Over { realm, days, oldest });
        }
    }
    Ok((over, longest))
}

/// Removes what of a realm is over and is not about to go with its month; tells whether there may be more.
async fn remove(state: &State, over: Over, longest: Longest, now: i64) -> Result<bool, StoreError> {
    let days = match state.store.is_divided() {
        true => longest.removed_after(over.days),
        false => over.days,
    };
    let last = first_at::<EventId>(cutoff(days, now));
    let Some(last) = last.filter(|last| over.oldest.as_str() <= last.as_str()) else {
        return Ok(false);
    };
    let digits = last.as_str().strip_prefix(EventId::PREFIX).unwrap_or_default();
    for _ in 0..BATCHES {
        let full = state.store.wipe(over.realm.clone(), digits.to_owned(), BATCH).await?;
        if !full || state.stop.is_cancelled() {
            return Ok(false);
        }
    }
    Ok(true)
}
