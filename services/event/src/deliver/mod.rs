//! Tells whom events are for, in the background: any number of processes share the work.
//!
//! What goes to one place is a lane, and a lane is worked on by one process at a time, which keeps telling that it is alive; the lanes
//! of one that is not are taken over within seconds. So no place is asked by all at once, and one that is dead holds up no other.

mod health;
mod lane;
mod mail;
mod metrics;
mod preview;
mod smtp;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::base62;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::State;
use crate::error::Error;

pub(crate) use lane::Place;
pub(crate) use metrics::{Metrics, measure};
pub use preview::{Preview, Previewed};
pub use smtp::{Smtp, Tls};
pub(crate) use webhook::post;

/// How often to look for what became due.
const LOOK: Duration = Duration::from_millis(250);
/// How long a holder of a lane is believed to be alive, in milliseconds; and how often it says so.
const LEASE_MS: i64 = 10_000;
const KEEP: Duration = Duration::from_secs(3);
/// Lanes that a process works on at once, and that it takes at once.
const LANES: u32 = 32;
const TAKE: i64 = 8;
/// How long attempts go on once the process was told to stop.
const LAST: Duration = Duration::from_secs(5);

/// Who sends mail where a realm has no provider of its own.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// The server's own provider; without one such mail is not sent.
    pub smtp: Option<Smtp>,
    /// PEM: who vouches for mail servers, beside those whom the system knows.
    pub ca: Option<Vec<u8>>,
    /// Who takes what there is nobody to send: the page of a developer's machine.
    pub preview: Option<Preview>,
    /// Who is told that a webhook was switched off where the hook names nobody.
    pub alerts_to: Option<String>,
}

/// What came of an attempt.
pub(crate) struct Tried {
    pub(crate) outcome: Outcome,
    /// The status of an HTTP answer.
    pub(crate) status: Option<i64>,
    /// Where it went, with its passwords hidden.
    pub(crate) destination: Option<String>,
    /// In a few words.
    pub(crate) result: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It arrived.
    Done,
    /// It did not, and may later.
    Again,
    /// It did not, and will not.
    Failed,
    /// There is nothing to tell any more, or nobody to be told.
    Never,
}

/// Works until it is told to stop.
pub(crate) async fn run(state: Arc<State>) {
    let free = Arc::new(Semaphore::new(LANES as usize));
    loop {
        tokio::select! {
            biased;
            () = state.stop.cancelled() => break,
            () = state.deliveries.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = take(&state, &free).await {
            tracing::warn!(error = ?error, "deliveries wait");
        }
    }
    // Whoever still works leaves the lanes in order; what takes too long is taken over by another process.
    let _left = tokio::time::timeout(LAST + Duration::from_secs(1), free.acquire_many(LANES)).await;
}

/// Begins to work on what is due, as far as there is room.
async fn take(state: &Arc<State>, free: &Arc<Semaphore>) -> Result<(), Error> {
    loop {
        let room = i64::try_from(free.available_permits()).unwrap_or(0).min(TAKE);
        let now = state.clock.now_ms();
        if room == 0 || state.store.first_due().await?.is_none_or(|due| due > now) {
            return Ok(());
        }
        let holder = base62::encode(state.rng.u128());
        let times = (now, now.saturating_add(LEASE_MS));
        let taken = state.store.take_lanes(holder.clone(), times, room).await?;
        if taken.is_empty() {
            return Ok(());
        }
        for lane in taken {
            let Ok(permit) = Arc::clone(free).acquire_owned().await else {
                return Ok(());
            };
            let (state, holder) = (Arc::clone(state), holder.clone());
            let work = async move {
                lane::work(&state, lane, &holder).await;
                drop(permit);
                // There may be more than there was room for.
                state.deliveries.notify_one();
            };
            drop(gantry_telemetry::spawn_apart(work));
        }
    }
}

/// Ends some time after the process was told to stop.
async fn out_of_time(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LAST).await;
}
