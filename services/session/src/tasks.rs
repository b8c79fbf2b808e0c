//! What this service does without being asked: fills its stock of keys, forgets sessions that ended.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::state::State;

/// How often the stock is counted when nothing else makes it worth it: other processes take from it too.
const COUNT_EVERY: Duration = Duration::from_secs(30);
/// How often ended sessions are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
/// How many are removed in one transaction: little enough that nobody waits for it.
const PRUNE_BATCH: i64 = 500;

/// Keeps `wanted` keys in stock.
pub(crate) async fn refill(state: State, wanted: usize, stop: CancellationToken) {
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    loop {
        if let Err(failure) = fill(&state, wanted, &stop).await {
            failure.report();
        }
        tokio::select! {
            () = state.refill.notified() => {}
            () = tokio::time::sleep(COUNT_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// One key at a time, counted anew each time: several processes fill the same stock.
async fn fill(state: &State, wanted: i64, stop: &CancellationToken) -> crate::error::Result<()> {
    while !stop.is_cancelled() && state.store.count_stock().await? < wanted {
        state.add_to_stock().await?;
    }
    Ok(())
}

/// Removes ended sessions, a batch at a time.
pub(crate) async fn prune(state: State, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let more = prune_now(&state).await.unwrap_or_else(|failure| {
            failure.report();
            false
        });
        if more {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(PRUNE_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Removes one batch, and tells whether there may be more.
async fn prune_now(state: &State) -> crate::error::Result<bool> {
    let gone = state.store.prune_sessions(state.now(), PRUNE_BATCH).await?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= PRUNE_BATCH))
}
