//! Append: once, all or nothing, in an order without holes.

use std::collections::HashSet;

use gantry_kernel::Reason;
use gantry_proto::Permission;
use gantry_proto::event::v2::{AppendRequest, EventRecord, ListEventsRequest};
use gantry_proto::options::v1::RequestInfo;
use gantry_rpc::from_status;

use crate::world::{World, as_key};

#[tokio::test]
async fn an_event_is_stored_once_however_often_it_comes() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let events = world.events(&realm, 10);
    assert_eq!(service.append(&events[..6]).await, 6);
    assert_eq!(service.append(&events[..6]).await, 0);
    assert_eq!(service.append(&events[4..]).await, 4);
    let twice = world.event(&realm, "user.created");
    assert_eq!(service.append(&[twice.clone(), twice.clone()]).await, 1);
    assert_eq!(service.append(&[]).await, 0);
    let seen = service.watch(&realm, "0").await.take(11).await;
    let ids: Vec<_> = seen.into_iter().map(|(_, id)| id).collect();
    let given: Vec<_> = events.into_iter().chain([twice]).map(|event| event.id).collect();
    assert_eq!(ids, given);
}

#[tokio::test]
async fn what_is_stored_first_stays() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let first = world.event(&realm, "user.created");
    let forged = EventRecord {
        event_type: "user.deleted".to_owned(),
        realm_id: world.realm().into_string(),
        ..first.clone()
    };
    assert_eq!(service.append(std::slice::from_ref(&first)).await, 1);
    assert_eq!(service.append(&[forged]).await, 0);
    let event = service.watch(&realm, "0").await.response().await.event.unwrap();
    assert_eq!(event.event_type, "user.created");
}

#[tokio::test]
async fn every_field_comes_back() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let tail = "0000000000000000000001";
    let event = EventRecord {
        object: "event".to_owned(),
        event_at: 1_700_000_000.123,
        user_id: Some(format!("usr_{tail}")),
        org_id: Some(format!("org_{tail}")),
        membership_id: Some(format!("mb_{tail}")),
        session_id: Some(format!("kss_{tail}")),
        auth_provider_id: Some(format!("ap_{tail}")),
        invitation_id: Some(format!("nvt_{tail}")),
        expires_at: Some(1_700_000_999),
        request: Some(RequestInfo {
            ip: Some("2001:db8::1".to_owned()),
            client: Some("Söme Bröwser/1.0 \u{1F600}".to_owned()),
        }),
        request_id: Some(format!("rq_{tail}")),
        ..world.event(&realm, "session.deleted")
    };
    service.append(std::slice::from_ref(&event)).await;
    let shown = service.watch(&realm, "0").await.response().await.event.unwrap();
    assert_eq!(shown, event);
}

#[tokio::test]
async fn one_bad_event_refuses_all() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let mut events = world.events(&realm, 3);
    events[2].event_type = "ping".to_owned();
    let refuse = async |events: Vec<EventRecord>| {
        let status = service.rpc.clone().append(AppendRequest { events }).await.unwrap_err();
        from_status(&status).reason
    };
    assert_eq!(refuse(events).await, Reason::Invalid);
    assert_eq!(refuse(world.events(&realm, 1001)).await, Reason::Invalid);
    let asked = ListEventsRequest {
        realm_id: Some(realm.as_str().to_owned()),
        ..Default::default()
    };
    let listed = service
        .rpc
        .clone()
        .list_events(as_key(asked, Permission::Read, ""))
        .await
        .unwrap();
    assert_eq!(listed.into_inner().collection, []);
    assert_eq!(service.append(&world.events(&realm, 1000)).await, 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t_42_overlapping_batches_at_once_store_each_event_once() {
    let world = World::new().await;
    let realm = world.realm();
    let events = world.events(&realm, 200);
    // Each batch overlaps the next by half; every event is in two.
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let service = world.service();
            let batch: Vec<_> = (0..50).map(|i| events[(n * 25 + i) % 200].clone()).collect();
            gantry_telemetry::spawn(async move {
                let mut stored = 0;
                for part in batch.chunks(10) {
                    stored += service.append(part).await;
                }
                stored
            })
        })
        .collect();
    let mut stored = 0;
    for task in tasks {
        stored += task.await.unwrap();
    }
    assert_eq!(stored, 200);
    let seen = world.service().watch(&realm, "0").await.take(200).await;
    let ids: HashSet<_> = seen.iter().map(|(_, id)| id.clone()).collect();
    assert_eq!(ids, events.into_iter().map(|event| event.id).collect());
    let cursors: Vec<i64> = seen.iter().map(|(cursor, _)| cursor.parse().unwrap()).collect();
    assert!(cursors.is_sorted_by(|a, b| a < b), "{cursors:?}");
}
