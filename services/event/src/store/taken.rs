//! Who works on what is due, when several processes share it and one of them dies (T-42).

use std::sync::Arc;

use gantry_db::{Config, Db, JsonText};
use gantry_kernel::{EventId, HookId, Id, IdSource, ManualClock, RealmId, SeededRng};
use gantry_testkit::db::TestDb;

use super::{Attempted, HookRow, Store};
use crate::rules::event::Event;

const LEASE: i64 = 10_000;

fn realm() -> String {
    RealmId::from_bits(1).into_string()
}

fn hook(number: u128) -> HookRow {
    HookRow {
        id: HookId::from_bits(number).into_string(),
        realm_id: realm(),
        hook_type: "webhook".to_owned(),
        state: "active".to_owned(),
        event_types: JsonText::strings::<&str>(&[]),
        delay: 0,
        destination_sealed: None,
        list_provider_id: None,
        settings: JsonText(serde_json::json!({})),
        created_at: 0,
        updated_at: 0,
        secret_sealed: None,
        old_secret_sealed: None,
        old_secret_until: None,
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
            state: "completed",
            counts: 1,
            due_at: None,
            at: now,
            destination: None,
            result: "200 OK".to_owned(),
        };
        assert!(
            store
                .note_attempt(row.id.clone(), row.attempts, noted.clone())
                .await
                .unwrap()
        );
        // What was noted down already is not noted down again.
        assert!(!store.note_attempt(row.id.clone(), row.attempts, noted).await.unwrap());
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
    let told = store.list_notifications(vec![1]).await.unwrap();
    let states: Vec<_> = told.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["canceled", "in_progress"]);
    store.mark_wiped(realm(), "~".to_owned(), true).await.unwrap();
    assert_eq!(store.first_due().await.unwrap(), None);
    assert!(!store.wipe(realm(), "~".to_owned(), 10).await.unwrap());
    assert_eq!(store.list_notifications(vec![1]).await.unwrap(), []);
}
