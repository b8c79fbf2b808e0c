//! The partitions of events: the months to come are made, and those of which nobody keeps anything are dropped. What cannot be done for
//! now, since somebody reads for long or the database does not let us, waits for the next round.

use gantry_db::StoreError;
use gantry_kernel::EventId;

use super::{BATCH, BATCHES};
use crate::State;
use crate::rules::list::first_at;
use crate::rules::partition::{Partition, ahead};
use crate::rules::retention::{Longest, cutoff};

/// Makes the partitions of this month and the next, where there are none; what comes before they are there is kept in another.
pub(super) async fn make_ahead(state: &State) {
    if let Err(error) = make(state).await {
        tracing::warn!(%error, "partitions for events to come cannot be made for now");
    }
}

/// Removes the notifications of what no realm keeps any longer: events wait for their month to go, and what is told of them should not
/// be walked past so long. Tells whether there may be more.
pub(super) async fn forget_notifications(state: &State, longest: Longest, now: i64) -> Result<bool, StoreError> {
    let over = longest.all_after().filter(|_| state.store.is_divided());
    let over = over.and_then(|days| first_at::<EventId>(cutoff(days, now)));
    match over {
        Some(last) => forget(state, String::new(), last.into_string()).await,
        None => Ok(false),
    }
}

/// Removes notifications of hidden events in a stretch of ids; tells whether there may be more.
async fn forget(state: &State, from: String, to: String) -> Result<bool, StoreError> {
    for _ in 0..BATCHES {
        let more = state
            .store
            .forget_notifications(from.clone(), to.clone(), BATCH)
            .await?;
        if !more {
            return Ok(false);
        }
        if state.stop.is_cancelled() {
            break;
        }
    }
    Ok(true)
}

/// Drops the partitions of which nothing is kept; tells whether there may be more to remove at once.
pub(super) async fn drop_settled(state: &State) -> bool {
    match drop_past(state).await {
        Ok(more) => more,
        Err(error) => {
            tracing::warn!(%error, "partitions of events that are over cannot be dropped for now");
            false
        }
    }
}

async fn make(state: &State) -> Result<(), StoreError> {
    if !state.store.is_divided() {
        return Ok(());
    }
    let there = state.store.list_partitions().await?;
    for month in ahead(state.clock.now_ms()) {
        if there.iter().any(|other| other.overlaps(&month)) {
            continue;
        }
        let name = month.name.clone();
        if state.store.make_partition(month).await? {
            tracing::info!(partition = name, "a partition for events to come was made");
        }
    }
    Ok(())
}

async fn drop_past(state: &State) -> Result<bool, StoreError> {
    let Some(now) = first_at::<EventId>(state.clock.now_ms()) else {
        return Ok(false);
    };
    let mut more = false;
    for partition in state.store.list_partitions().await? {
        if partition.to.as_str() <= now.as_str() && !state.stop.is_cancelled() {
            more |= drop_one(state, partition).await?;
        }
    }
    Ok(more)
}

/// Drops a partition of which nothing is kept, once its notifications are gone; tells whether there are more of them.
async fn drop_one(state: &State, partition: Partition) -> Result<bool, StoreError> {
    let Some(last) = state.store.find_settled(partition.clone()).await? else {
        return Ok(false);
    };
    let from = partition.from.clone().unwrap_or_default();
    if forget(state, from, partition.to.clone()).await? {
        return Ok(true);
    }
    let name = partition.name.clone();
    if state.store.drop_partition(partition, last).await? {
        tracing::info!(partition = name, "a partition of events that are over was dropped");
    }
    Ok(false)
}
