//! Empties an outbox into Event, in order, again and again until it is empty.

use std::sync::Arc;
use std::time::Duration;

use gantry_db::StoreError;
use gantry_kernel::Clock;
use gantry_proto::event::v2::AppendRequest;
use gantry_proto::event::v2::event_client::EventClient;
use gantry_rpc::Wire;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::NewEvent;

/// Events handed over in one call: enough to group commits, little enough to stay a small message.
const BATCH: i64 = 500;
/// After this long another process's events are taken to be orphans, in milliseconds.
const ORPHAN_MS: i64 = 3_000;
/// How often to look for orphans when nothing else wakes the relay.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest pause between tries while Event is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// An outbox table, as the relay sees it.
pub trait Outbox: Send + Sync + 'static {
    /// Lists events to hand over, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    fn list_pending(
        &self,
        holder: String,
        before: i64,
        limit: i64,
    ) -> impl Future<Output = Result<Vec<NewEvent>, StoreError>> + Send;

    /// Forgets events that were handed over.
    ///
    /// # Errors
    /// When the database is away.
    fn remove_events(&self, ids: Vec<String>) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Hands a service's events to Event.
#[derive(Clone)]
pub struct Relay {
    holder: String,
    wake: Arc<Notify>,
}

impl Relay {
    /// A relay for the rows that `holder` (this process, by any unique word) writes.
    pub fn new(holder: impl Into<String>) -> Self {
        Self {
            holder: holder.into(),
            wake: Arc::default(),
        }
    }

    /// The word that marks this process's rows.
    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// Says that there is something to hand over; to be called after the commit.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Works until it is told to stop; then empties the outbox once more.
    pub async fn run<O: Outbox>(self, outbox: O, event: Wire, clock: Arc<dyn Clock>, stop: CancellationToken) {
        let mut pause = Duration::ZERO;
        loop {
            tokio::select! {
                () = self.wake.notified(), if pause.is_zero() => {}
                () = tokio::time::sleep(if pause.is_zero() { LOOK_EVERY } else { pause }) => {}
                () = stop.cancelled() => {
                    let _last_try = self.empty(&outbox, &event, &*clock).await;
                    return;
                }
            }
            pause = match self.empty(&outbox, &event, &*clock).await {
                Ok(()) => Duration::ZERO,
                Err(error) => {
                    if pause.is_zero() {
                        tracing::warn!(error, "events wait in the outbox");
                    }
                    (pause * 2).clamp(Duration::from_millis(50), LONGEST_PAUSE)
                }
            };
        }
    }

    /// Hands over all there is.
    async fn empty<O: Outbox>(&self, outbox: &O, event: &Wire, clock: &dyn Clock) -> Result<(), String> {
        loop {
            let before = clock.now_ms() - ORPHAN_MS;
            let pending = outbox
                .list_pending(self.holder.clone(), before, BATCH)
                .await
                .map_err(|e| e.to_string())?;
            if pending.is_empty() {
                return Ok(());
            }
            let ids: Vec<String> = pending.iter().map(|event| event.id.clone()).collect();
            let events = pending.into_iter().map(NewEvent::into_record).collect();
            let mut client = EventClient::new(event.clone());
            client
                .append(AppendRequest { events })
                .await
                .map_err(|status| status.code().to_string())?;
            outbox.remove_events(ids).await.map_err(|e| e.to_string())?;
        }
    }
}
