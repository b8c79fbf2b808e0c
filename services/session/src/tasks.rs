//! What this service does without being asked: fills its stock of keys, forgets sessions that ended.

use std::time::Duration;

use gantry_telemetry::{keep_at, part_by_part};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::state::State;

/// How often the stock is counted when nothing else makes it worth it: other processes take from it too.
const COUNT_EVERY: Duration = Duration::from_secs(30);
/// How often ended sessions are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
/// How many are removed in one transaction: little enough that nobody waits for it.
const PRUNE_BATCH: i64 = 500;

/// Starts both, with `wanted` keys to keep in stock.
pub(crate) fn start(state: &State, wanted: usize, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let (filled, pruned) = (state.clone(), state.clone());
    let (stop_filling, stop_pruning) = (stop.clone(), stop.clone());
    vec![
        keep_at("session keys", stop.clone(), move || {
            refill(filled.clone(), wanted, stop_filling.clone())
        }),
        keep_at("ended sessions", stop.clone(), move || {
            prune(pruned.clone(), stop_pruning.clone())
        }),
    ]
}

/// Keeps `wanted` keys in stock.
async fn refill(state: State, wanted: usize, stop: CancellationToken) {
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    let one_look = || async {
        if let Err(failure) = fill(&state, wanted, &stop).await {
            failure.report();
        }
        false
    };
    part_by_part(COUNT_EVERY, &state.refill, &stop, one_look).await;
}

/// One key at a time, counted anew each time: several processes fill the same stock.
async fn fill(state: &State, wanted: i64, stop: &CancellationToken) -> crate::error::Result<()> {
    while !stop.is_cancelled() && state.store.count_stock().await? < wanted {
        state.add_to_stock().await?;
    }
    Ok(())
}

/// Removes ended sessions, a batch at a time.
async fn prune(state: State, stop: CancellationToken) {
    let one_batch = || async {
        prune_now(&state).await.unwrap_or_else(|failure| {
            failure.report();
            false
        })
    };
    part_by_part(PRUNE_EVERY, &Notify::new(), &stop, one_batch).await;
}

/// Removes one batch, and tells whether there may be more.
async fn prune_now(state: &State) -> crate::error::Result<bool> {
    let gone = state.store.prune_sessions(state.now(), PRUNE_BATCH).await?;
    let gone = gone.max(state.store.prune_oauth(state.now(), PRUNE_BATCH).await?);
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= PRUNE_BATCH))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gantry_kernel::{IdSource, ManualClock, SeededRng};
    use gantry_outbox::Relay;
    use gantry_rpc::Wire;
    use gantry_seal::Vault;

    use super::*;
    use crate::keys::KeyCache;
    use crate::rules::SessionKeys;
    use crate::state::Parts;
    use crate::store::{Store, migrated, row};

    fn state(store: Store) -> State {
        let clock = Arc::new(ManualClock::new(5_000));
        let rng = Arc::new(SeededRng::new(1));
        State::new(Parts {
            store,
            clock: clock.clone(),
            ids: IdSource::new(clock, rng.clone()),
            rng,
            auth: Wire::later().0,
            session_keys: SessionKeys::new(&[1; 32]),
            vault: Vault::new(&[1; 32], crate::LABEL),
            key_cache: KeyCache::default(),
            relay: Relay::new("test"),
            refill: tokio::sync::Notify::new(),
            issuer: String::new(),
        })
    }

    #[tokio::test]
    async fn prune_removes_what_has_ended_batch_by_batch_and_no_more() {
        let (_db, store) = migrated().await;
        let state = state(store);
        for number in 0..=PRUNE_BATCH {
            state.store.add_session(row(number, 5_000)).await.unwrap();
        }
        state.store.add_session(row(9_999, 5_001)).await.unwrap();
        assert!(prune_now(&state).await.unwrap(), "a full batch, so there may be more");
        assert!(!prune_now(&state).await.unwrap());
        let page = gantry_kernel::Page::default();
        let left = state
            .store
            .list_sessions("rl_1".to_owned(), None, 0, page)
            .await
            .unwrap();
        let ends: Vec<i64> = left.iter().map(|row| row.expires_at).collect();
        assert_eq!(ends, [5_001]);
    }

    #[tokio::test]
    async fn fill_stops_at_what_is_wanted() {
        let (_db, store) = migrated().await;
        let state = state(store);
        let stop = CancellationToken::new();
        for wanted in [2, 1, 0] {
            fill(&state, wanted, &stop).await.unwrap();
            assert_eq!(state.store.count_stock().await.unwrap(), 2);
        }
        stop.cancel();
        fill(&state, 9, &stop).await.unwrap();
        assert_eq!(state.store.count_stock().await.unwrap(), 2);
    }
}
