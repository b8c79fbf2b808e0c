//! Streams events to whoever watches: who watches what, how fast, and until when.
//!
//! One [`Hub`] a process follows the order of events and keeps the last of them; each watcher is a task that reads what it
//! needs from there, or page by page from the store while it is further behind. A watcher's queue is bounded: who does not read
//! is waited for, and then sent away with its cursor still good.

mod feed;
mod hub;
mod responses;

use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::{Problem, Reason, Rng};
use gantry_rpc::Call;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::rules::filter::Filter;
use crate::store::Store;

pub(crate) use feed::Feed;
pub(crate) use hub::{Hub, Slot};
pub(crate) use responses::Responses;

/// Responses that wait for a watcher to read them.
const QUEUE: usize = 32;
/// The longest that asking again after a key may take.
const ASKING: Duration = Duration::from_secs(5);

/// How often and how long things are done for watchers.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often to look for events that other processes stored.
    pub look: Duration,
    /// How often, at the most, a response carries a cursor alone.
    pub beat: Duration,
    /// How long a watcher may leave its queue full.
    pub patience: Duration,
    /// For how long a key is believed without asking again.
    pub trust: Duration,
    /// How often to look for events that are over.
    pub sweep: Duration,
    /// How many may watch one process.
    pub watchers: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: Duration::from_millis(50),
            beat: Duration::from_secs(5),
            patience: Duration::from_secs(60),
            trust: Duration::from_secs(15),
            sweep: Duration::from_secs(600),
            watchers: 1000,
        }
    }
}

/// What a watcher asked for, checked.
pub(crate) struct Wish {
    pub(crate) realm: String,
    pub(crate) filter: Filter,
    /// The seq behind which to start.
    pub(crate) behind: i64,
    /// Whether the client does not know yet where it starts.
    pub(crate) tell_start: bool,
    /// To ask again whether it may.
    pub(crate) call: Call,
}

/// What a watcher works with.
pub(crate) struct Means {
    pub(crate) store: Store,
    pub(crate) slot: Slot,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) pace: Pace,
    pub(crate) stop: CancellationToken,
}

/// Starts a watcher; it ends when its stream is dropped, when the service stops, or when it may not go on.
pub(crate) fn watch(wish: Wish, means: Means) -> Responses {
    let (queue, read) = mpsc::channel(QUEUE);
    let work = async move {
        let call = wish.call.clone();
        let mut feed = Feed::new(wish, means.store, means.slot, queue.clone(), means.pace);
        tokio::select! {
            // Without a word of error: the client goes on elsewhere from its cursor.
            () = means.stop.cancelled() => None,
            () = queue.closed() => None,
            problem = revoked(&call, means.pace.trust, &*means.rng) => Some(problem),
            Err(problem) = feed.run() => Some(problem),
        }
    };
    Responses::new(read, gantry_telemetry::spawn(work))
}

/// Waits until the key that opened the stream may no longer do so, or until nobody could say for too long.
async fn revoked(call: &Call, trust: Duration, rng: &dyn Rng) -> Problem {
    let mut trusted_until = Instant::now() + trust;
    let mut pause = spread(trust, rng);
    loop {
        tokio::time::sleep(pause).await;
        let asked = tokio::time::timeout(ASKING.min(trust), call.still_allowed()).await;
        pause = match asked.unwrap_or(Err(Reason::Timeout.into())) {
            Ok(()) => {
                trusted_until = Instant::now() + trust;
                spread(trust, rng)
            }
            Err(problem) if problem.reason.is_ours() && Instant::now() < trusted_until => trust / 30,
            Err(problem) => return problem,
        };
    }
}

/// A third to two thirds of a time, so that a thousand watchers do not all ask at once.
fn spread(whole: Duration, rng: &dyn Rng) -> Duration {
    let share = u32::try_from(rng.u128() % 1000).unwrap_or(0);
    whole / 3 + whole / 3 * share / 1000
}
