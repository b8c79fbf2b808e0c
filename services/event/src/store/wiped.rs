//! What a realm that is wiped loses, and what it keeps.

use std::sync::Arc;

use gantry_db::{Config, Db, JsonText};
use gantry_kernel::{
    EventId, HookId, Id, IdSource, MailingListSubscriptionId, ManualClock, RealmId, SeededRng, UserId,
};
use gantry_testkit::db::TestDb;

use super::{Appended, HookRow, MailingListSubscriptionRow, Store};
use crate::rules::event::Event;

fn digits(number: u128) -> String {
    let id = EventId::from_bits(number).into_string();
    id.strip_prefix(EventId::PREFIX).unwrap().to_owned()
}

fn realm() -> String {
    RealmId::from_bits(1).into_string()
}

fn hook() -> HookRow {
    HookRow {
        hook_type: "mailing_list".to_owned(),
        state: "active".to_owned(),
        settings: JsonText(serde_json::json!({})),
        ..HookRow::blank(HookId::from_bits(1), RealmId::from_bits(1), 0)
    }
}

fn subscription(number: u128) -> MailingListSubscriptionRow {
    MailingListSubscriptionRow {
        id: MailingListSubscriptionId::from_bits(number).into_string(),
        realm_id: realm(),
        hook_id: hook().id,
        user_id: UserId::from_bits(number).into_string(),
        list_state: "subscribed".to_owned(),
        created_at: 0,
        updated_at: 0,
    }
}

async fn store(place: &TestDb) -> Store {
    let db = Db::open(&Config::new(place.url())).unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db);
    store.add_hook(hook()).await.unwrap();
    store
}

async fn there(store: &Store, number: u128) -> bool {
    let found = store.find_mailing_list_subscription(realm(), subscription(number).id);
    found.await.unwrap().is_some()
}

fn event(number: u128, event_type: &str, user: u128) -> Event {
    Event {
        id: EventId::from_bits(number).into_string(),
        realm_id: realm(),
        event_type: event_type.to_owned(),
        user_id: Some(UserId::from_bits(user).into_string()),
        ..Event::default()
    }
}

async fn append(store: &Store, events: Vec<Event>) -> Appended {
    let ids = IdSource::new(Arc::new(ManualClock::new(0)), Arc::new(SeededRng::new(1)));
    store.append_events(events, 0, ids).await.unwrap()
}

#[tokio::test]
async fn who_came_after_a_reset_stays_however_often_it_is_carried_out() {
    let place = TestDb::new().await;
    let store = store(&place).await;
    store.add_mailing_list_subscription(subscription(5)).await.unwrap();
    store.mark_wiped(realm(), digits(7), false).await.unwrap();
    assert!(!there(&store, 5).await);
    store.add_mailing_list_subscription(subscription(9)).await.unwrap();
    store.mark_wiped(realm(), digits(7), false).await.unwrap();
    assert!(there(&store, 9).await);
    // One that was left over from before brings back nothing.
    store.mark_wiped(realm(), digits(3), false).await.unwrap();
    let late = append(&store, vec![event(5, "user.created", 5), event(8, "user.created", 8)]);
    assert_eq!(late.await.stored, 1);
    store.mark_wiped(realm(), "~".to_owned(), true).await.unwrap();
    assert!(!there(&store, 9).await);
    assert!(store.find_hook(realm(), hook().id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_deleted_user_is_on_no_list() {
    let place = TestDb::new().await;
    let store = store(&place).await;
    for number in [5, 6] {
        store.add_mailing_list_subscription(subscription(number)).await.unwrap();
    }
    let events = vec![event(1, "user.updated", 6), event(2, "user.deleted", 5)];
    append(&store, events).await;
    assert!(!there(&store, 5).await);
    assert!(there(&store, 6).await);
}
