//! What all watchers of a process share: how far the order of events has come, and its last stretch.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use gantry_db::StoreError;
use gantry_kernel::{Problem, Reason};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::store::{EventRow, Store};

/// Events kept in memory, so that a thousand watchers do not ask the database a thousand times for the same one.
const RECENT: usize = 1024;
/// The longest pause between looks while the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How far the order of events has come. It is followed while somebody watches.
pub(crate) struct Hub {
    tail: watch::Sender<i64>,
    watchers: watch::Sender<usize>,
    nudge: Notify,
    // parking_lot: held to copy some pointers, never across an await.
    recent: Mutex<Recent>,
}

/// Every event with a seq above `from` and up to `upto`.
#[derive(Default)]
struct Recent {
    from: i64,
    upto: i64,
    rows: VecDeque<Arc<EventRow>>,
}

/// A watcher's place in a hub; free again when dropped.
pub(crate) struct Slot(Arc<Hub>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.watchers.send_modify(|count| *count -= 1);
    }
}

impl std::ops::Deref for Slot {
    type Target = Hub;

    fn deref(&self) -> &Hub {
        &self.0
    }
}

impl Hub {
    /// A hub that nobody watches yet.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            tail: watch::Sender::new(0),
            watchers: watch::Sender::new(0),
            nudge: Notify::new(),
            recent: Mutex::default(),
        })
    }

    /// Takes one of `most` places.
    ///
    /// # Errors
    /// [`Reason::Busy`] when all are taken.
    pub(crate) fn join(self: &Arc<Self>, most: usize) -> Result<Slot, Problem> {
        let joined = self.watchers.send_if_modified(|count| {
            let free = *count < most;
            *count += usize::from(free);
            free
        });
        if joined {
            Ok(Slot(self.clone()))
        } else {
            Err(Reason::Busy.into())
        }
    }

    /// Says that this process stored events; to be called after the commit.
    pub(crate) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// The seq up to which everything can be read, and news of it.
    pub(crate) fn tail(&self) -> watch::Receiver<i64> {
        self.tail.subscribe()
    }

    /// A realm's events behind a seq and the seq up to which these are all; `None` when some are no longer in memory.
    pub(crate) fn recent(&self, realm: &str, behind: i64) -> Option<(Vec<Arc<EventRow>>, i64)> {
        let recent = self.recent.lock();
        if behind < recent.from {
            return None;
        }
        let first = recent.rows.partition_point(|row| row.seq <= behind);
        let rows = recent.rows.range(first..).filter(|row| row.realm_id == realm);
        Some((rows.cloned().collect(), recent.upto.max(behind)))
    }

    /// Follows the order until it is told to stop, and rests while nobody watches.
    pub(crate) async fn run(self: Arc<Self>, store: Store, look: Duration, stop: CancellationToken) {
        let mut watchers = self.watchers.subscribe();
        let mut pause = look;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                somebody = watchers.wait_for(|count| *count > 0) => if somebody.is_err() { return },
            }
            pause = match self.follow(&store).await {
                Ok(()) => look,
                Err(error) => {
                    if pause == look {
                        tracing::warn!(%error, "watchers wait for the database");
                    }
                    (pause * 2).min(LONGEST_PAUSE)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.nudge.notified(), if pause == look => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes in what was stored since the last look.
    async fn follow(&self, store: &Store) -> Result<(), StoreError> {
        let tail = *self.tail.borrow();
        let last = store.get_last().await?;
        if last <= tail {
            return Ok(());
        }
        let limit = i64::try_from(RECENT).unwrap_or(i64::MAX);
        let rows = if last - tail > limit {
            // Too much to take in: those who watch read it page by page.
            None
        } else {
            Some(store.list_behind(tail, limit).await?)
        };
        let upto = self.recent.lock().advance(last, rows);
        self.tail.send_replace(upto);
        Ok(())
    }
}

impl Recent {
    /// Moves up to `last`, with all the rows on the way or (without them) leaving what was before behind.
    fn advance(&mut self, last: i64, rows: Option<Vec<EventRow>>) -> i64 {
        self.upto = last;
        match rows {
            None => {
                self.rows.clear();
                self.from = last;
            }
            Some(rows) => {
                // A row above `last` was stored a moment after the look; what is visible has all below it.
                self.upto = rows.last().map_or(last, |row| row.seq.max(last));
                self.rows.extend(rows.into_iter().map(Arc::new));
                while self.rows.len() > RECENT {
                    self.from = self.rows.pop_front().map_or(self.from, |row| row.seq);
                }
            }
        }
        self.upto
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::event::Event;

    fn row(seq: i64, realm: &str) -> EventRow {
        EventRow::new(
            seq,
            Event {
                realm_id: realm.to_owned(),
                ..Event::default()
            },
        )
    }

    fn seqs(found: Option<(Vec<Arc<EventRow>>, i64)>) -> Option<(Vec<i64>, i64)> {
        found.map(|(rows, upto)| (rows.iter().map(|row| row.seq).collect(), upto))
    }

    #[test]
    fn recent_knows_what_it_no_longer_has() {
        let hub = Hub::new();
        assert_eq!(seqs(hub.recent("a", 0)), Some((vec![], 0)));
        hub.recent.lock().advance(10, None);
        assert_eq!(seqs(hub.recent("a", 9)), None);
        assert_eq!(seqs(hub.recent("a", 10)), Some((vec![], 10)));
        // 13 is a hole; 15 was stored after the look.
        let rows = vec![row(11, "a"), row(12, "b"), row(14, "a"), row(15, "b")];
        assert_eq!(hub.recent.lock().advance(14, Some(rows)), 15);
        assert_eq!(seqs(hub.recent("a", 10)), Some((vec![11, 14], 15)));
        assert_eq!(seqs(hub.recent("a", 11)), Some((vec![14], 15)));
        assert_eq!(seqs(hub.recent("b", 15)), Some((vec![], 15)));
        assert_eq!(seqs(hub.recent("b", 20)), Some((vec![], 20)));
        let many: Vec<_> = (16..16 + 1024).map(|seq| row(seq, "a")).collect();
        hub.recent.lock().advance(1039, Some(many));
        assert_eq!(seqs(hub.recent("a", 14)), None);
        assert_eq!(hub.recent("a", 15).unwrap().0.len(), 1024);
        assert_eq!(hub.recent.lock().rows.len(), RECENT);
    }

    #[test]
    fn join_gives_places_back() {
        let hub = Hub::new();
        let first = hub.join(2).unwrap();
        let _second = hub.join(2).unwrap();
        assert_eq!(hub.join(2).err().unwrap().reason, Reason::Busy);
        drop(first);
        assert!(hub.join(2).is_ok());
    }
}
