//! The table's queries.

use crate::store::{NOW, Store};

#[tokio::test]
async fn a_refused_change_leaves_no_event() {
    let store = Store::new().await;
    store.note_refused("me").await;
    assert_eq!(store.list_ids().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn pending_are_ones_own_and_orphans_oldest_first() {
    let store = Store::new().await;
    let theirs = store.note("they", 2).await;
    store.clock.advance_ms(10);
    let mine = store.note("me", 2).await;
    let pending = async |before: i64, limit: i64| -> Vec<String> {
        let events = store.list_pending("me".to_owned(), before, limit).await.unwrap();
        events.into_iter().map(|event| event.id).collect()
    };
    assert_eq!(pending(NOW, 10).await, mine);
    assert_eq!(pending(NOW + 1, 10).await, [theirs.clone(), mine.clone()].concat());
    assert_eq!(pending(NOW + 1, 1).await, theirs[..1]);
}

#[tokio::test]
async fn events_come_back_as_they_were() {
    let store = Store::new().await;
    let mut events = store.events(1);
    events[0].client = Some("quote \" slash \\ null \0 é \u{1F600}".to_owned());
    events[0].expires_at = Some(i64::MAX);
    store.change("me".to_owned(), events.clone(), false).await.unwrap();
    assert_eq!(store.list_pending("me".to_owned(), 0, 10).await.unwrap(), events);
}

#[tokio::test]
async fn hundreds_go_at_once_and_twice_does_no_harm() {
    let store = Store::new().await;
    let ids = store.note("me", 501).await;
    let (most, rest) = ids.split_at(500);
    store.remove_events(most.to_vec()).await.unwrap();
    store.remove_events(most.to_vec()).await.unwrap();
    store.remove_events(Vec::new()).await.unwrap();
    assert_eq!(store.list_ids().await.unwrap(), rest);
}
