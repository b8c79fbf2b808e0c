//! Watch: nothing missed, nothing twice, nobody waited for for ever.

use std::time::Duration;

use gantry_event::Pace;
use gantry_kernel::Reason;
use gantry_proto::Permission;
use gantry_proto::event::v2::WatchRequest;
use gantry_rpc::from_status;
use tonic::Code;

use crate::world::{World, in_time, stranger, with_key};

fn ids(seen: &[(String, String)]) -> Vec<&str> {
    seen.iter().map(|(_, id)| id.as_str()).collect()
}

#[tokio::test]
async fn a_watcher_sees_the_old_and_then_the_new() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    let old = world.events(&realm, 250);
    service.append(&old).await;
    let mut watcher = service.watch(&realm, "0").await;
    let seen = watcher.take(250).await;
    assert_eq!(ids(&seen), old.iter().map(|e| e.id.as_str()).collect::<Vec<_>>());
    let new = world.events(&realm, 3);
    for event in &new {
        service.append(std::slice::from_ref(event)).await;
        assert_eq!(ids(&watcher.take(1).await), [event.id.as_str()]);
    }
}

#[tokio::test]
async fn a_watcher_without_a_cursor_starts_with_the_next_event_and_learns_where() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    service.append(&world.events(&realm, 5)).await;
    let mut watcher = service.watch(&realm, "").await;
    let start = watcher.response().await;
    assert_eq!(start.event, None);
    let next = world.event(&realm, "user.created");
    service.append(std::slice::from_ref(&next)).await;
    assert_eq!(ids(&watcher.take(1).await), [next.id.as_str()]);
    // Had the connection been lost before the first event, the cursor would have found it.
    let mut again = service.watch(&realm, &start.cursor).await;
    assert_eq!(ids(&again.take(1).await), [next.id.as_str()]);
}

#[tokio::test]
async fn a_watcher_sees_what_another_process_stores() {
    let world = World::new().await;
    let realm = world.realm();
    let (here, there) = (world.service(), world.service());
    let mut watcher = here.watch(&realm, "").await;
    watcher.response().await;
    for _ in 0..3 {
        let event = world.event(&realm, "org.created");
        there.append(std::slice::from_ref(&event)).await;
        assert_eq!(ids(&watcher.take(1).await), [event.id.as_str()]);
    }
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names_and_moves_the_cursor_past_the_rest() {
    let mut world = World::new().await;
    world.pace.beat = Duration::ZERO;
    let realm = world.realm();
    let service = world.service();
    let login = world.event(&realm, "user.login.failed");
    service
        .append(&[world.event(&realm, "org.created"), login.clone()])
        .await;
    let mut watcher = service.watch_types(&realm, "0", &["user.login"]).await;
    assert_eq!(ids(&watcher.take(1).await), [login.id.as_str()]);
    let passed = world.event(&realm, "org.updated");
    service.append(std::slice::from_ref(&passed)).await;
    let moved = watcher.response().await;
    assert_eq!(moved.event, None);
    // Behind that cursor there is nothing, also for one who wants everything.
    let later = world.event(&realm, "org.closed");
    service.append(std::slice::from_ref(&later)).await;
    let mut again = service.watch(&realm, &moved.cursor).await;
    assert_eq!(ids(&again.take(1).await), [later.id.as_str()]);
}

#[tokio::test]
async fn t_41_a_cursor_that_was_never_handed_out_is_refused() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    service.append(&world.events(&realm, 2)).await;
    for cursor in ["-1", "01", "x", "0x1", "1;drop", "9223372036854775808", "3", "٣"] {
        let refused = service.try_watch(&realm, cursor, &[]).await.err();
        assert_eq!(refused, Some(Reason::Invalid), "{cursor}");
    }
    let refused = service.try_watch(&realm, "0", &["user.%"]).await.err();
    assert_eq!(refused, Some(Reason::Invalid));
}

/// Two processes, four writers, a watcher that loses its connection every few events and comes back at either process.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t_42_a_watcher_that_comes_back_misses_nothing_and_sees_nothing_twice() {
    let world = World::new().await;
    let (realm, noise) = (world.realm(), world.realm());
    let services = [world.service(), world.service()];
    let writers: Vec<_> = (0..4)
        .map(|n| {
            let service = services[n % 2].clone();
            let mine = world.events(&realm, 100);
            let other = world.events(&noise, 100);
            gantry_telemetry::spawn(async move {
                for (size, (events, noise)) in mine.chunks(3 + n).zip(other.chunks(3 + n)).enumerate() {
                    service.append(events).await;
                    if size % 2 == 0 {
                        service.append(noise).await;
                    }
                }
                mine
            })
        })
        .collect();
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut turn = 0;
    while seen.len() < 400 {
        let cursor = seen.last().map_or("0", |(cursor, _)| cursor.as_str()).to_owned();
        let mut watcher = services[turn % 2].watch(&realm, &cursor).await;
        let count = (1 + turn * 7 % 23).min(400 - seen.len());
        seen.extend(watcher.take(count).await);
        turn += 1;
    }
    let cursors: Vec<i64> = seen.iter().map(|(cursor, _)| cursor.parse().unwrap()).collect();
    assert!(cursors.is_sorted_by(|a, b| a < b), "{cursors:?}");
    let mut got: Vec<_> = seen.iter().map(|(_, id)| id.clone()).collect();
    let mut place = 0..;
    let places: std::collections::HashMap<_, _> = got.iter().cloned().zip(place.by_ref()).collect();
    let mut given = Vec::new();
    for writer in writers {
        let mine = writer.await.unwrap();
        // Each writer's events keep their order.
        assert!(mine.iter().map(|event| places[&event.id]).is_sorted());
        given.extend(mine.into_iter().map(|event| event.id));
    }
    got.sort();
    given.sort();
    assert_eq!(got, given);
}

#[tokio::test]
async fn a_cursor_outlives_the_process() {
    let world = World::new().await;
    let realm = world.realm();
    let events = world.events(&realm, 20);
    let mut first = world.service();
    first.append(&events).await;
    let seen = first.watch(&realm, "0").await.take(7).await;
    first = world.service();
    let mut again = first.watch(&realm, &seen[6].0).await;
    let rest = again.take(13).await;
    let both: Vec<_> = ids(&seen).into_iter().chain(ids(&rest)).collect();
    assert_eq!(both, events.iter().map(|e| e.id.as_str()).collect::<Vec<_>>());
}

#[tokio::test]
async fn who_does_not_read_is_sent_away_and_can_come_back() {
    let mut world = World::new().await;
    world.pace = Pace {
        patience: Duration::from_millis(50),
        watchers: 1,
        ..Pace::default()
    };
    let realm = world.realm();
    let service = world.service();
    let events = world.events(&realm, 1000);
    service.append(&events).await;
    let mut slow = service.watch(&realm, "0").await;
    // The one place is free again when the watcher that does not read was given up.
    let mut next = in_time(async {
        loop {
            match service.try_watch(&realm, "0", &[]).await {
                Ok(watcher) => break watcher,
                Err(reason) => assert_eq!(reason, Reason::Busy),
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut seen = Vec::new();
    let end = loop {
        match slow.next().await {
            Ok(response) => {
                let response = response.expect("an end with a reason");
                seen.push((response.cursor, response.event.unwrap().id));
            }
            Err(status) => break status,
        }
    };
    assert_eq!(
        (end.code(), from_status(&end).reason),
        (Code::Aborted, Reason::ReaderTooSlow)
    );
    // What was kept for it was bounded, in order, and its last cursor leads on.
    assert!((1..=33).contains(&seen.len()), "{}", seen.len());
    assert_eq!(next.take(1000).await.len(), 1000);
    drop(next);
    let mut again = in_time(async {
        loop {
            match service.try_watch(&realm, &seen.last().unwrap().0, &[]).await {
                Ok(watcher) => break watcher,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    })
    .await;
    let rest = again.take(1000 - seen.len()).await;
    let both: Vec<_> = ids(&seen).into_iter().chain(ids(&rest)).collect();
    assert_eq!(both, events.iter().map(|e| e.id.as_str()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_process_takes_so_many_watchers_and_no_more() {
    let mut world = World::new().await;
    world.pace.watchers = 3;
    let realm = world.realm();
    let service = world.service();
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(service.watch(&realm, "").await);
    }
    assert_eq!(service.try_watch(&realm, "", &[]).await.err(), Some(Reason::Busy));
    held.pop();
    in_time(async {
        while service.try_watch(&realm, "", &[]).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn stop_ends_streams_without_an_error() {
    let world = World::new().await;
    let realm = world.realm();
    let service = world.service();
    service.append(&world.events(&realm, 2)).await;
    let mut live = service.watch(&realm, "0").await;
    live.take(2).await;
    world.stop.cancel();
    assert_eq!(live.next().await.unwrap(), None);
    // And one that comes too late does not hang.
    let mut late = service.watch(&realm, "0").await;
    in_time(async { while late.next().await.unwrap().is_some() {} }).await;
}

#[tokio::test]
async fn t_21_a_stream_ends_soon_after_its_key_was_revoked() {
    let mut world = World::new().await;
    world.pace.trust = Duration::from_millis(90);
    let realm = world.realm();
    let started = world.start();
    let asked = WatchRequest {
        cursor: "0".to_owned(),
        ..Default::default()
    };
    let open = async |key: &str| {
        let stream = stranger(&started).watch(with_key(asked.clone(), key)).await.unwrap();
        stream.into_inner()
    };
    let keys = ["ks_revoked", "ks_moved", "ks_unanswered"];
    for key in keys {
        world.auth.add(key, Permission::Read, realm.as_str());
    }
    let (mut revoked, mut moved) = (open(keys[0]).await, open(keys[1]).await);
    world.auth.revoke(keys[0]);
    let end = in_time(revoked.message()).await.unwrap_err();
    assert_eq!(from_status(&end).reason, Reason::KeyWrong);
    world.auth.add(keys[1], Permission::Read, world.realm().as_str());
    let end = in_time(moved.message()).await.unwrap_err();
    assert_eq!(from_status(&end).reason, Reason::PermissionMissing);
    let mut unanswered = open(keys[2]).await;
    world.auth.set_away(true);
    let end = in_time(unanswered.message()).await.unwrap_err();
    assert_eq!(from_status(&end).reason, Reason::Unavailable);
}

#[tokio::test]
async fn a_key_that_stays_good_keeps_its_stream() {
    let mut world = World::new().await;
    world.pace.trust = Duration::from_millis(30);
    let realm = world.realm();
    let started = world.start();
    world.auth.add("ks_good", Permission::Read, realm.as_str());
    let asked = with_key(WatchRequest::default(), "ks_good");
    let mut stream = stranger(&started).watch(asked).await.unwrap().into_inner();
    assert_eq!(in_time(stream.message()).await.unwrap().unwrap().event, None);
    world.auth.asked(5).await;
    let event = world.event(&realm, "user.created");
    world.service().append(std::slice::from_ref(&event)).await;
    let seen = in_time(stream.message()).await.unwrap().unwrap().event.unwrap();
    assert_eq!(seen.id, event.id);
}

/// Half of them watch one realm, the others one of five, at two processes; one does not read.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t_42_two_hundred_watchers_are_told_all_and_one_that_does_not_read_holds_up_nobody() {
    let mut world = World::new().await;
    world.pace.patience = Duration::from_secs(4);
    world.pace.watchers = 101;
    let services = [world.service(), world.service()];
    let realms: Vec<_> = (0..6).map(|_| world.realm()).collect();
    let given: Vec<_> = realms.iter().map(|realm| world.events(realm, 200)).collect();
    let mut idle = services[0].watch(&realms[0], "0").await;
    let mut readers = Vec::new();
    for n in 0..200 {
        let of = if n % 2 == 0 { 0 } else { 1 + n / 2 % 5 };
        let mut watcher = services[n / 2 % 2].watch(&realms[of], "0").await;
        let reading = async move { (of, watcher.take(200).await, watcher) };
        readers.push(gantry_telemetry::spawn(reading));
    }
    for part in 0..20 {
        let some: Vec<_> = given
            .iter()
            .flat_map(|events| events[part * 10..][..10].to_vec())
            .collect();
        services[part % 2].append(&some).await;
    }
    let mut there = Vec::new();
    for reader in readers {
        let (of, seen, watcher) = reader.await.unwrap();
        assert!(given[of].iter().map(|event| event.id.as_str()).eq(ids(&seen)));
        there.push(watcher);
    }
    // They are all still there, so the place that comes free is that of the one who does not read.
    in_time(async {
        while services[0].try_watch(&realms[0], "", &[]).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut kept = 0;
    let end = loop {
        match idle.next().await {
            Ok(response) => kept += usize::from(response.expect("an end with a reason").event.is_some()),
            Err(status) => break status,
        }
    };
    assert_eq!(from_status(&end).reason, Reason::ReaderTooSlow);
    assert!((1..=33).contains(&kept), "{kept}");
    drop(there);
}
