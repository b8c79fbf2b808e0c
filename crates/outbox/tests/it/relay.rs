//! The relay: nothing lost, nothing twice, in order, whatever dies when.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gantry_db::StoreError;
use gantry_outbox::{NewEvent, Outbox, Relay};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::event::{FakeEvent, Mood, in_time};
use crate::store::Store;

/// A process's relay at work.
struct Process {
    relay: Relay,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Process {
    fn start(name: &str, store: &Store, event: &FakeEvent) -> Self {
        let relay = Relay::new(name);
        let stop = CancellationToken::new();
        let run = relay
            .clone()
            .run(store.clone(), event.wire(), store.clock.clone(), stop.clone());
        Self {
            relay,
            stop,
            task: gantry_telemetry::spawn(run),
        }
    }

    /// Ends it as a kill does: whatever it was about, it does not go on.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    /// Ends it as a stop does: it finishes what there is.
    async fn end(self) {
        self.stop.cancel();
        in_time(self.task).await.unwrap();
    }
}

/// Longer than an event may wait before others take it over, in milliseconds.
const LONG_AGO: i64 = 3_001;

#[tokio::test]
async fn what_is_noted_arrives_in_order_and_leaves() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let process = Process::start("one", &store, &event);
    let mut noted = Vec::new();
    for count in [1, 3, 1200, 2] {
        noted.extend(store.note("one", count).await);
        process.relay.wake();
        event.until(|seen| seen.stored.len() == noted.len()).await;
    }
    process.end().await;
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn every_wake_counts() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let process = Process::start("one", &store, &event);
    // Each would take a second if its wake were lost: more than there is time for.
    in_time(async {
        for count in 1..=300 {
            store.note("one", 1).await;
            process.relay.wake();
            event.until(|seen| seen.stored.len() == count).await;
        }
    })
    .await;
}

#[tokio::test]
async fn t_42_killed_between_hand_over_and_removal_an_event_appears_once() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Stuck);
    let process = Process::start("killed", &store, &event);
    let noted = store.note("killed", 700).await;
    process.relay.wake();
    event.until(|seen| seen.stored.len() == 500).await;
    process.kill().await;
    assert_eq!(store.list_ids().await.unwrap(), noted);

    event.set(Mood::Well);
    store.clock.advance_ms(LONG_AGO);
    let next = Process::start("next", &store, &event);
    next.relay.wake();
    event.until(|seen| seen.stored.len() == 700).await;
    next.end().await;
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn t_42_killed_before_the_hand_over_an_event_is_taken_over_after_a_while() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let noted = store.note("killed", 3).await;
    let next = Process::start("next", &store, &event);
    let own = store.note("next", 1).await;
    next.relay.wake();
    event.until(|seen| seen.stored.len() == 1).await;
    // Its holder may still be about to hand it over itself.
    assert_eq!(event.stored(), own);
    store.clock.advance_ms(LONG_AGO);
    event.until(|seen| seen.stored.len() == 4).await;
    next.end().await;
    assert_eq!(event.stored()[1..], noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn while_event_is_away_events_wait_in_order() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Away);
    let process = Process::start("one", &store, &event);
    let mut noted = store.note("one", 2).await;
    process.relay.wake();
    event.until(|seen| seen.calls == 2).await;
    noted.extend(store.note("one", 2).await);
    process.relay.wake();
    event.until(|seen| seen.calls == 4).await;
    assert_eq!(event.stored(), [""; 0]);
    assert_eq!(store.list_ids().await.unwrap(), noted);
    event.set(Mood::Well);
    event.until(|seen| seen.stored.len() == 4).await;
    process.end().await;
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_event() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Forgetful);
    let process = Process::start("one", &store, &event);
    let noted = store.note("one", 5).await;
    process.relay.wake();
    event.until(|seen| seen.calls == 3).await;
    event.set(Mood::Well);
    process.end().await;
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn order_holds_while_everything_fails_by_turns() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Moody);
    let process = Process::start("one", &store, &event);
    let mut noted = Vec::new();
    for count in 0..30 {
        noted.extend(store.note("one", 1 + count % 4).await);
        process.relay.wake();
        if count % 10 == 0 {
            event.until(|seen| seen.stored.len() == noted.len()).await;
        }
    }
    event.until(|seen| seen.stored.len() == noted.len()).await;
    event.set(Mood::Well);
    process.end().await;
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_take_over_the_same_events() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let noted = store.note("killed", 1500).await;
    store.clock.advance_ms(LONG_AGO);
    let processes = ["a", "b", "c"].map(|name| Process::start(name, &store, &event));
    for process in &processes {
        process.relay.wake();
    }
    event.until(|seen| seen.stored.len() == 1500).await;
    for process in processes {
        process.end().await;
    }
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn an_event_that_event_refuses_holds_up_nobody_and_is_kept() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let mut events = store.events(4);
    events[1].event_type = "user.unheard.of".to_owned();
    let ids: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
    store.change("one".to_owned(), events, false).await.unwrap();
    // One that cannot even be read.
    assert_eq!(store.spoil(ids[2].clone()).await.unwrap(), 1);
    let process = Process::start("one", &store, &event);
    process.relay.wake();
    event.until(|seen| seen.stored.len() == 2).await;
    let later = store.note("one", 1).await;
    process.relay.wake();
    event.until(|seen| seen.stored.len() == 3).await;
    assert_eq!(event.stored(), [ids[0].as_str(), &ids[3], &later[0]]);
    // Together, one by one, and the later one: the refused were not offered again.
    assert_eq!(event.calls(), 1 + 4 + 1);
    // After a while they are, since another version of Event may take them.
    store.clock.advance_ms(600_001);
    process.relay.wake();
    event.until(|seen| seen.calls > 6).await;
    process.end().await;
    assert_eq!(store.list_ids().await.unwrap(), ids[1..3]);
}

#[tokio::test]
async fn stop_hands_over_what_there_is() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let process = Process::start("one", &store, &event);
    let noted = store.note("one", 600).await;
    process.end().await;
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn stop_does_not_wait_for_an_event_that_is_away() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Away);
    let process = Process::start("one", &store, &event);
    let noted = store.note("one", 2).await;
    process.relay.wake();
    event.until(|seen| seen.calls == 1).await;
    process.end().await;
    assert_eq!(store.list_ids().await.unwrap(), noted);
    // Nor for one that does not answer.
    event.set(Mood::Stuck);
    let process = Process::start("two", &store, &event);
    store.clock.advance_ms(LONG_AGO);
    process.relay.wake();
    let calls = event.calls();
    event.until(|seen| seen.calls > calls).await;
    process.end().await;
    assert_eq!(store.list_ids().await.unwrap(), noted);
}

/// An outbox with a defect: the first looks at it panic.
#[derive(Clone)]
struct Defect {
    store: Store,
    looks_that_panic: Arc<AtomicUsize>,
}

impl Outbox for Defect {
    async fn list_pending(&self, holder: String, before: i64, limit: i64) -> Result<Vec<NewEvent>, StoreError> {
        let left = self
            .looks_that_panic
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        assert!(left.is_err(), "a defect");
        self.store.list_pending(holder, before, limit).await
    }

    async fn remove_events(&self, ids: Vec<String>) -> Result<(), StoreError> {
        self.store.remove_events(ids).await
    }
}

#[tokio::test]
async fn a_relay_that_panics_is_begun_anew_and_loses_nothing() {
    let store = Store::new().await;
    let event = FakeEvent::new(Mood::Well);
    let (relay, stop) = (Relay::new("one"), CancellationToken::new());
    let outbox = Defect {
        store: store.clone(),
        looks_that_panic: Arc::new(AtomicUsize::new(1)),
    };
    let noted = store.note("one", 3).await;
    let task = relay.keep_running(outbox, event.wire(), store.clock.clone(), stop.clone());
    relay.wake();
    event.until(|seen| seen.stored.len() == 3).await;
    stop.cancel();
    in_time(task).await.unwrap();
    assert_eq!(event.stored(), noted);
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}
