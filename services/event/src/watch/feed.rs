//! One watcher: finds what it wants to see next, and waits for its queue to take it.

use std::convert::Infallible;

use gantry_kernel::{Problem, Reason};
use gantry_proto::event::v2::WatchResponse;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Pace, Slot, Wish};
use crate::convert;
use crate::rules::cursor;
use crate::rules::filter::Filter;
use crate::store::{EventRow, Store};

/// Rows read at a time while a watcher catches up.
const PAGE: i64 = 100;

/// Where one watcher is.
pub(crate) struct Feed {
    realm: String,
    filter: Filter,
    tell_start: bool,
    store: Store,
    slot: Slot,
    queue: mpsc::Sender<WatchResponse>,
    pace: Pace,
    /// Every event up to this seq was offered or passed over.
    position: i64,
    /// The last event that was passed over since the last response.
    passed: Option<i64>,
    /// When a response may carry a cursor alone again.
    beat_at: Instant,
}

impl Feed {
    /// A watcher at its start.
    pub(crate) fn new(wish: Wish, store: Store, slot: Slot, queue: mpsc::Sender<WatchResponse>, pace: Pace) -> Self {
        Self {
            realm: wish.realm,
            filter: wish.filter,
            tell_start: wish.tell_start,
            store,
            slot,
            queue,
            pace,
            position: wish.behind,
            passed: None,
            beat_at: Instant::now() + pace.beat,
        }
    }

    /// Goes on for ever.
    ///
    /// # Errors
    /// When the store fails, or nobody reads.
    pub(crate) async fn run(&mut self) -> Result<Infallible, Problem> {
        if self.tell_start {
            self.send(self.position, None).await?;
        }
        let mut tail = self.slot.tail();
        loop {
            let Some((rows, upto)) = self.slot.recent(&self.realm, self.position) else {
                let seen = *tail.borrow();
                self.read_page(seen).await?;
                continue;
            };
            for row in rows {
                self.offer(&row).await?;
            }
            self.position = upto;
            // The hub lives as long as the slot, so there is always news one day; what is waited for is a lock's guard, and let go.
            let news = async { drop(tail.wait_for(|tail| *tail > upto).await) };
            let passed = self.passed;
            tokio::select! {
                () = news => {}
                () = tokio::time::sleep_until(self.beat_at), if passed.is_some() => {
                    self.send(passed.unwrap_or(upto), None).await?;
                }
            }
        }
    }

    /// Reads on in the store. Whatever was readable up to `seen` before this look is in it.
    async fn read_page(&mut self, seen: i64) -> Result<(), Problem> {
        let rows = self
            .store
            .list_realm_behind(self.realm.clone(), self.position, PAGE)
            .await
            .map_err(|error| {
                tracing::warn!(%error, "a watcher cannot read on");
                error.problem()
            })?;
        let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < PAGE);
        for row in rows {
            self.offer(&row).await?;
        }
        if is_last {
            self.position = self.position.max(seen);
        }
        Ok(())
    }

    async fn offer(&mut self, row: &EventRow) -> Result<(), Problem> {
        self.position = row.seq;
        if self.filter.passes(row) {
            return self.send(row.seq, Some(row)).await;
        }
        self.passed = Some(row.seq);
        if Instant::now() >= self.beat_at {
            self.send(row.seq, None).await?;
        }
        Ok(())
    }

    async fn send(&mut self, seq: i64, event: Option<&EventRow>) -> Result<(), Problem> {
        let response = WatchResponse {
            cursor: cursor::write(seq),
            // A stream shows no tokens: it outlives the moment in which its key was looked at.
            event: event.cloned().map(|row| convert::record(row, None)),
        };
        // An error of the queue means that nobody reads any more, which ends the watcher elsewhere too.
        match tokio::time::timeout(self.pace.patience, self.queue.send(response)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(Reason::ReaderTooSlow.into()),
        }
        self.passed = None;
        self.beat_at = Instant::now() + self.pace.beat;
        Ok(())
    }
}
