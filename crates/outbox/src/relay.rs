//! Empties an outbox into Event, in order, again and again until it is empty.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::time::Duration;

use gantry_db::StoreError;
use gantry_kernel::{Clock, Reason};
use gantry_proto::event::v2::AppendRequest;
use gantry_proto::event::v2::event_client::EventClient;
use gantry_rpc::{Wire, from_status};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::NewEvent;

/// Events handed over in one call: enough to group commits, little enough to stay a small message.
const BATCH: usize = 500;
/// After this long another process's events are taken to be orphans, in milliseconds.
const ORPHAN_MS: i64 = 3_000;
/// How often to look for orphans when nothing else wakes the relay.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the first of several events waits for the next: under load they go together, and a crowd of logins costs a few hand-overs
/// in place of one each.
const GATHER: Duration = Duration::from_millis(20);
/// The pauses between tries while Event or the database is away: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));
/// How long one hand-over may take.
const ONE_CALL: Duration = Duration::from_secs(10);
/// How long the relay goes on once it was told to stop.
const LAST_TRY: Duration = Duration::from_secs(5);
/// Events that Event refused and that are not offered again for a while; more are not remembered.
const MOST_REFUSED: usize = 10_000;
/// After this long they are offered again, in milliseconds: Event may have been replaced by a version that knows them.
const OFFER_AGAIN_MS: i64 = 600_000;

/// An outbox table, as the relay sees it.
pub trait Outbox: Send + Sync + 'static {
    /// Lists events to hand over, oldest first: the holder's, and anybody's from before a time.
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
///
/// An event leaves the outbox after Event has stored it, so it is handed over at least once whatever dies when; Event stores it
/// once. Events of one process arrive in the order of their ids, which within a process is the order of their making. Several
/// relays may work on one table: what they hand over twice, Event overlooks.
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

    /// Works in a task of its own, which ends when [`run`](Self::run) does. What panics in it holds up no later event.
    pub fn keep_running<O: Outbox + Clone>(
        &self,
        outbox: O,
        event: Wire,
        clock: Arc<dyn Clock>,
        stop: CancellationToken,
    ) -> JoinHandle<()> {
        let relay = self.clone();
        gantry_telemetry::keep_at("outbox", stop.clone(), move || {
            let (outbox, event) = (outbox.clone(), event.clone());
            relay.clone().run(outbox, event, Arc::clone(&clock), stop.clone())
        })
    }

    /// Works until it is told to stop; then empties the outbox once more. To be told when nothing writes to the outbox any
    /// more: what comes later waits for the next process, for as long as an orphan does.
    pub async fn run<O: Outbox>(self, outbox: O, event: Wire, clock: Arc<dyn Clock>, stop: CancellationToken) {
        let mut work = Work {
            holder: self.holder,
            outbox,
            event: EventClient::new(event),
            clock,
            refused: HashSet::new(),
            refused_at: 0,
        };
        let mut failures = 0;
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                // While Event is away a wake is kept for later: each change would otherwise be another try.
                () = self.wake.notified(), if failures == 0 => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(work.pause(failures)) => {}
            }
            let out_of_time = async {
                stop.cancelled().await;
                tokio::time::sleep(LAST_TRY).await;
            };
            let emptied = tokio::select! {
                emptied = work.empty() => emptied,
                () = out_of_time => return,
            };
            failures = match emptied {
                Ok(()) => 0,
                Err(error) => {
                    if failures == 0 {
                        tracing::warn!(%error, "events wait in the outbox");
                    }
                    failures.saturating_add(1)
                }
            };
        }
        if tokio::time::timeout(LAST_TRY, work.empty())
            .await
            .is_ok_and(|emptied| emptied.is_ok())
        {
            tracing::debug!("the outbox is empty");
        }
    }
}

/// Why the outbox could not be emptied.
#[derive(Debug, thiserror::Error)]
enum Stuck {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("event says {}", .0.key())]
    Event(Reason),
    #[error("event refuses {MOST_REFUSED} events")]
    Refused,
}

struct Work<O> {
    holder: String,
    outbox: O,
    event: EventClient<Wire>,
    clock: Arc<dyn Clock>,
    /// Events that break a rule of Event's: they stay in the outbox, and the others pass them.
    refused: HashSet<String>,
    refused_at: i64,
}

impl<O: Outbox> Work<O> {
    /// How long to wait for the next look: after failures ever longer, and differently in each process.
    fn pause(&self, failures: u32) -> Duration {
        let Some(doublings) = failures.checked_sub(1) else {
            return LOOK_EVERY;
        };
        let (first, longest) = PAUSES;
        let whole = (first * 2_u32.pow(doublings.min(16))).min(longest);
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((&self.holder, failures));
        let share = u32::try_from(hash % 1000).unwrap_or(0);
        whole / 2 + whole / 2 * share / 1000
    }

    /// Hands over all there is.
    async fn empty(&mut self) -> Result<(), Stuck> {
        loop {
            let pending = self.pending().await?;
            if pending.is_empty() {
                return Ok(());
            }
            let stored = match self.hand_over(&pending).await {
                Err(Reason::Invalid | Reason::Malformed) => self.one_by_one(pending).await?,
                Err(reason) => return Err(Stuck::Event(reason)),
                Ok(()) => pending.into_iter().map(|event| event.id).collect(),
            };
            // A crash before this line hands the same events over again, which does no harm.
            if !stored.is_empty() {
                self.outbox.remove_events(stored).await?;
            }
        }
    }

    async fn pending(&mut self) -> Result<Vec<NewEvent>, Stuck> {
        let now = self.clock.now_ms();
        if now - self.refused_at > OFFER_AGAIN_MS {
            self.refused.clear();
        }
        if self.refused.len() >= MOST_REFUSED {
            return Err(Stuck::Refused);
        }
        let limit = i64::try_from(BATCH + self.refused.len()).unwrap_or(i64::MAX);
        let mut pending = self
            .outbox
            .list_pending(self.holder.clone(), now - ORPHAN_MS, limit)
            .await?;
        pending.retain(|event| !self.refused.contains(&event.id));
        pending.truncate(BATCH);
        Ok(pending)
    }

    async fn hand_over(&mut self, events: &[NewEvent]) -> Result<(), Reason> {
        let events = events.iter().cloned().map(NewEvent::into_record).collect();
        let mut request = tonic::Request::new(AppendRequest { events });
        request.set_timeout(ONE_CALL);
        match self.event.append(request).await {
            Ok(_) => Ok(()),
            Err(status) => Err(from_status(&status).reason),
        }
    }

    /// Hands events over that are refused together, and finds those that are refused alone: a defect of ours, which must not
    /// hold up all that comes behind. Tells which were stored.
    async fn one_by_one(&mut self, events: Vec<NewEvent>) -> Result<Vec<String>, Stuck> {
        let mut stored = Vec::new();
        for event in events {
            match self.hand_over(std::slice::from_ref(&event)).await {
                Ok(()) => stored.push(event.id),
                Err(Reason::Invalid | Reason::Malformed) => {
                    tracing::error!(
                        event = event.id,
                        event_type = event.event_type,
                        "event refuses an event"
                    );
                    if self.refused.is_empty() {
                        self.refused_at = self.clock.now_ms();
                    }
                    self.refused.insert(event.id);
                }
                Err(reason) => return Err(Stuck::Event(reason)),
            }
        }
        Ok(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::ManualClock;

    struct Nothing;

    impl Outbox for Nothing {
        async fn list_pending(&self, _: String, _: i64, _: i64) -> Result<Vec<NewEvent>, StoreError> {
            Ok(Vec::new())
        }

        async fn remove_events(&self, _: Vec<String>) -> Result<(), StoreError> {
            Ok(())
        }
    }

    fn pauses(holder: &str) -> Vec<Duration> {
        let work = Work {
            holder: holder.to_owned(),
            outbox: Nothing,
            event: EventClient::new(Wire::later().0),
            clock: Arc::new(ManualClock::new(0)),
            refused: HashSet::new(),
            refused_at: 0,
        };
        (0..40).map(|failures| work.pause(failures)).collect()
    }

    #[test]
    fn pauses_grow_to_a_bound_and_differ_between_processes() {
        let (one, other) = (pauses("one"), pauses("other"));
        assert_eq!(one[0], LOOK_EVERY);
        for (failures, pause) in one.iter().enumerate().skip(1) {
            let whole = Duration::from_millis(50 << (failures - 1).min(16)).min(Duration::from_secs(5));
            assert!(*pause >= whole / 2 && *pause <= whole, "{failures}: {pause:?}");
        }
        assert_ne!(one, other);
    }
}
