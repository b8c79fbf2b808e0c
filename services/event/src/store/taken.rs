//! Who works on what is due, when several processes share it and one of them dies (T-42).

use std::sync::Arc;

use gantry_db::{Config, Db, JsonText};
use gantry_kernel::{EventId, HookId, Id, IdSource, ManualClock, RealmId, SeededRng, UserId};
use gantry_testkit::db::TestDb;

use super::{Attempted, HookRow, Store};
use crate::rules::event::Event;

const LEASE: i64 = 10_000;

fn realm() -> String {
    RealmId::from_bits(1).into_string()
}

fn hook(number: u128) -> HookRow {
    HookRow {
        hook_type: "webhook".to_owned(),
        state: "active".to_owned(),
        settings: JsonText(serde_json::json!({})),
        ..HookRow::blank(HookId::from_bits(number), RealmId::from_bits(1), 0)
    }
}

async fn append(store: &Store, number: u128, now: i64) {
    let event = Event {
        id: EventId::from_bits(number).into_string(),
        realm_id: realm(),
        event_type: "org.created".to_owned(),
        ..Event::default()
    };
    let rng = Arc::new(SeededRng::new(u64::try_from(number).unwrap()));
    let ids = IdSource::new(Arc::new(ManualClock::new(now)), rng);
    assert_eq!(store.append_events(vec![event], now, ids).await.unwrap().stored, 1);
}

async fn take(store: &Store, who: &str, now: i64) -> Vec<String> {
    let taken = store.take_lanes(who.to_owned(), (now, now + LEASE), 10).await.unwrap();
    let mut ids: Vec<String> = taken.into_iter().map(|lane| lane.id).collect();
    ids.sort_unstable();
    ids
}

async fn done(store: &Store, lane: &str, now: i64) -> usize {
    let due = store.list_due(lane.to_owned(), now, 100).await.unwrap();
    for (row, event) in &due {
        assert!(event.is_some());
        let noted = Attempted {
            id: row.id.clone(),
            before: row.attempts,
            state: "completed",
            due_at: None,
            at: now,
            took_ms: Some(5),
            delivered: true,
            status: Some(200),
            destination: None,
            result: "200 OK".to_owned(),
        };
        assert_eq!(store.note_attempts(vec![noted.clone()]).await.unwrap(), [true]);
        // What was noted down already is not noted down again.
        assert_eq!(store.note_attempts(vec![noted]).await.unwrap(), [false]);
        let log = store.list_attempts(row.id.clone()).await.unwrap();
        assert_eq!((log.len(), log[0].number), (1, 1));
    }
    due.len()
}

async fn started(place: &TestDb) -> Store {
    let db = Db::open(&Config::new(place.url())).unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db);
    for number in [1, 2] {
        store.add_hook(hook(number)).await.unwrap();
    }
    store
}

#[tokio::test]
async fn t_42_a_lane_is_one_process_s_until_that_one_is_dead() {
    let place = TestDb::new().await;
    let store = started(&place).await;
    assert_eq!(store.first_due().await.unwrap(), None);
    append(&store, 1, 100).await;
    assert_eq!(store.first_due().await.unwrap(), Some(100));
    assert_eq!(take(&store, "early", 99).await, [""; 0]);
    let both = [hook(1).id, hook(2).id];
    assert_eq!(take(&store, "a", 100).await, both);
    assert_eq!(take(&store, "b", 100).await, [""; 0]);
    // Whoever says that they are alive keeps it.
    let keep = async |id: &str, who: &str, until| store.keep_lane(id.to_owned(), who.to_owned(), until).await.unwrap();
    assert!(keep(&both[0], "a", 100 + 2 * LEASE).await);
    assert_eq!(take(&store, "b", 100 + LEASE).await, both[1..]);
    assert!(!keep(&both[1], "a", 100 + 2 * LEASE).await);
    // What the dead one does after all changes nothing.
    store.leave_lane(both[1].clone(), "a".to_owned(), (0, 0)).await.unwrap();
    assert_eq!(take(&store, "c", 100 + LEASE).await, [""; 0]);
    assert_eq!(done(&store, &both[1], 100 + LEASE).await, 1);
    store.leave_lane(both[1].clone(), "b".to_owned(), (0, 0)).await.unwrap();
    // Nothing is left in it, so it is not looked at again.
    assert_eq!(store.first_due().await.unwrap(), Some(100 + 2 * LEASE));
}

#[tokio::test]
async fn what_comes_while_somebody_works_is_seen_when_they_leave() {
    let place = TestDb::new().await;
    let store = started(&place).await;
    append(&store, 1, 100).await;
    let [one, two] = [hook(1).id, hook(2).id];
    take(&store, "a", 100).await;
    assert_eq!(done(&store, &one, 100).await, 1);
    append(&store, 2, 200).await;
    assert_eq!(take(&store, "b", 200).await, [""; 0]);
    store.leave_lane(one.clone(), "a".to_owned(), (0, 0)).await.unwrap();
    assert_eq!(take(&store, "b", 200).await, std::slice::from_ref(&one));
    // One that rests is not woken by what comes, nor by what is left.
    store.leave_lane(two.clone(), "a".to_owned(), (5, 900)).await.unwrap();
    append(&store, 3, 300).await;
    assert_eq!(take(&store, "c", 899).await, [""; 0]);
    assert_eq!(take(&store, "c", 900).await, std::slice::from_ref(&two));
    assert_eq!(done(&store, &two, 900).await, 3);
}

#[tokio::test]
async fn what_is_called_off_is_tried_no_more_and_goes_with_its_realm() {
    let place = TestDb::new().await;
    let store = started(&place).await;
    append(&store, 1, 100).await;
    let one = hook(1).id;
    assert!(!store.call_off(one.clone(), "gone".to_owned()).await.unwrap());
    assert_eq!(store.list_due(one, 100, 10).await.unwrap(), []);
    let event = vec![EventId::from_bits(1).into_string()];
    let told = store.list_notifications(event.clone()).await.unwrap();
    let states: Vec<_> = told.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["canceled", "in_progress"]);
    store.mark_wiped(realm(), "~".to_owned(), true).await.unwrap();
    assert_eq!(store.first_due().await.unwrap(), None);
    assert!(!store.wipe(realm(), "~".to_owned(), 10).await.unwrap());
    assert_eq!(store.list_notifications(event).await.unwrap(), []);
}

async fn append_of(store: &Store, number: u128, user: u128, now: i64) {
    let event = Event {
        id: EventId::from_bits(number).into_string(),
        realm_id: realm(),
        event_type: "user.updated".to_owned(),
        user_id: Some(UserId::from_bits(user).into_string()),
        ..Event::default()
    };
    let rng = Arc::new(SeededRng::new(u64::try_from(number).unwrap()));
    let ids = IdSource::new(Arc::new(ManualClock::new(now)), rng);
    assert_eq!(store.append_events(vec![event], now, ids).await.unwrap().stored, 1);
}

/// Whose turn it is in a lane that is told in order, as the numbers of events; and notes down what came of each.
async fn turn(store: &Store, lane: &str, now: i64, result: impl Fn(i64) -> Option<i64>) -> Vec<i64> {
    let due = store.list_due_in_order(lane.to_owned(), now, 4).await.unwrap();
    let mut told = Vec::new();
    for (row, _) in due {
        let again = result(row.event_seq);
        let noted = Attempted {
            id: row.id,
            before: row.attempts,
            state: if again.is_some() { "in_progress" } else { "completed" },
            due_at: again,
            at: now,
            took_ms: Some(5),
            delivered: again.is_none(),
            status: None,
            destination: None,
            result: String::new(),
        };
        store.note_attempts(vec![noted]).await.unwrap();
        told.push(row.event_seq);
    }
    told
}

#[tokio::test]
async fn in_order_a_user_s_next_waits_for_the_one_before_and_for_nobody_else() {
    let place = TestDb::new().await;
    let db = Db::open(&Config::new(place.url())).unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db);
    let ordered = HookRow {
        ordered: true,
        ..hook(1)
    };
    let lane = ordered.id.clone();
    store.add_hook(ordered).await.unwrap();
    // Six of one user, then two of another.
    for number in 1..=6 {
        append_of(&store, number, 1, 100).await;
    }
    append_of(&store, 7, 2, 100).await;
    append_of(&store, 8, 2, 100).await;
    // Held back, so that what was done before and comes later is told first.
    assert_eq!(turn(&store, &lane, 6_099, |_| None).await, [0; 0]);
    // The first fails until 20 s: what is behind it is put off, and the other user is reached.
    let fails_first = |seq: i64| (seq == 1).then_some(20_000);
    let mut told = turn(&store, &lane, 6_100, fails_first).await;
    for _ in 0..6 {
        told.extend(turn(&store, &lane, 6_100, fails_first).await);
    }
    assert_eq!(told, [1, 7, 8]);
    // What comes meanwhile is due before, and waits all the same.
    append_of(&store, 9, 1, 7_000).await;
    assert_eq!(turn(&store, &lane, 13_000, |_| None).await, [0; 0]);
    let mut told = Vec::new();
    for _ in 0..7 {
        let now = turn(&store, &lane, 20_000, |_| None).await;
        assert_eq!(now.len(), 1);
        told.extend(now);
    }
    assert_eq!(told, [1, 2, 3, 4, 5, 6, 9]);
    assert_eq!(turn(&store, &lane, 20_000, |_| None).await, [0; 0]);
}

#[tokio::test]
async fn in_order_means_as_it_happened_not_as_it_was_stored() {
    let place = TestDb::new().await;
    let db = Db::open(&Config::new(place.url())).unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db);
    let ordered = HookRow {
        ordered: true,
        ..hook(1)
    };
    let lane = ordered.id.clone();
    store.add_hook(ordered).await.unwrap();
    // Another process made the first, and handed it over late.
    append_of(&store, 2, 1, 100).await;
    append_of(&store, 1, 1, 900).await;
    assert_eq!(turn(&store, &lane, 6_100, |_| None).await, [0; 0]);
    assert_eq!(turn(&store, &lane, 6_900, |_| None).await, [2]);
    assert_eq!(turn(&store, &lane, 6_900, |_| None).await, [1]);
}
