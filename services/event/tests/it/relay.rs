//! The way of an event from a service's outbox to a reader, with processes dying on the way (T-42).

use std::collections::HashSet;
use std::time::Duration;

use gantry_db::{Db, StoreError};
use gantry_kernel::{Clock, EventId, RealmId, Rng, SeededRng};
use gantry_outbox::{NewEvent, Outbox, Relay};
use tokio_util::sync::CancellationToken;

use crate::world::{World, in_time};

macro_rules! queries {
    () => {
        pub(crate) mod outbox {
            use diesel::prelude::*;
            use diesel_async::RunQueryDsl;

            use super::Conn;

            diesel::table! {
                auth_outbox (id) {
                    id -> Text,
                    holder -> Text,
                    created_at -> BigInt,
                    body -> Text,
                }
            }

            gantry_outbox::outbox!(auth_outbox);

            pub(crate) async fn change(
                conn: &mut Conn,
                holder: String,
                events: Vec<gantry_outbox::NewEvent>,
            ) -> Result<(), gantry_db::StoreError> {
                add_events(conn, &holder, &events).await
            }

            pub(crate) async fn count_waiting(conn: &mut Conn) -> Result<i64, gantry_db::StoreError> {
                Ok(auth_outbox::table.count().get_result(conn).await?)
            }
        }
    };
}

mod pg {
    type Conn = gantry_db::PgConn;
    queries!();
}

mod sqlite {
    type Conn = gantry_db::LiteConn;
    queries!();
}

/// Auth's store, as far as the outbox goes.
#[derive(Clone)]
struct Store {
    db: Db,
}

gantry_db::store!(Store {
    write outbox::change(holder: String, events: Vec<NewEvent>) -> ();
    read outbox::count_waiting() -> i64;
    read outbox::list_pending(holder: String, before: i64, limit: i64) -> Vec<NewEvent>;
    write outbox::remove_events(ids: Vec<String>) -> ();
});

impl Outbox for Store {
    async fn list_pending(&self, holder: String, before: i64, limit: i64) -> Result<Vec<NewEvent>, StoreError> {
        Self::list_pending(self, holder, before, limit).await
    }

    async fn remove_events(&self, ids: Vec<String>) -> Result<(), StoreError> {
        Self::remove_events(self, ids).await
    }
}

fn new_events(world: &World, realm: &RealmId, count: u128) -> Vec<NewEvent> {
    let event = |_| NewEvent::new(world.ids.id::<EventId>(), realm, "user.updated", world.clock.now_ms());
    (0..count).map(event).collect()
}

/// A process after the other makes changes and is killed at a moment that chance chooses; every change has its event, once, and
/// the events of each process are in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_42_killed_at_any_moment_no_event_is_lost_or_doubled() {
    let world = World::new().await;
    let store = Store { db: world.db.clone() };
    let realm = world.realm();
    let rng = SeededRng::new(11);
    let reader = world.service();
    let mut made: Vec<Vec<String>> = Vec::new();
    for process in 0..40 {
        let relay = Relay::new(format!("process {process}"));
        let run = relay.clone().run(
            store.clone(),
            reader.wire.clone(),
            world.clock.clone(),
            CancellationToken::new(),
        );
        let task = gantry_telemetry::spawn(run);
        let mut mine = Vec::new();
        for _ in 0..rng.u128() % 4 {
            let events = new_events(&world, &realm, 1 + rng.u128() % 30);
            mine.extend(events.iter().map(|event| event.id.clone()));
            store.change(relay.holder().to_owned(), events).await.unwrap();
            relay.wake();
        }
        // Chance, not synchronisation: whatever the relay is about by then, it does not finish it.
        tokio::time::sleep(Duration::from_micros(u64::try_from(rng.u128() % 3000).unwrap())).await;
        task.abort();
        drop(task.await);
        made.push(mine);
        world.clock.advance_ms(100);
    }
    world.clock.advance_ms(3_001);
    let stop = CancellationToken::new();
    let last = Relay::new("the last").run(store.clone(), reader.wire.clone(), world.clock.clone(), stop.clone());
    stop.cancel();
    in_time(last).await;
    assert_eq!(store.count_waiting().await.unwrap(), 0);

    let count = made.iter().map(Vec::len).sum();
    let seen: Vec<String> = reader
        .watch(&realm, "0")
        .await
        .take(count)
        .await
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    for mine in &made {
        let names: HashSet<&String> = mine.iter().collect();
        let in_order: Vec<&String> = seen.iter().filter(|id| names.contains(id)).collect();
        assert_eq!(in_order, mine.iter().collect::<Vec<_>>());
    }
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), count);
}

/// The caller can read back what a change made, soon, through all that lies between.
#[tokio::test]
async fn a_change_is_seen_by_who_watches() {
    let world = World::new().await;
    let store = Store { db: world.db.clone() };
    let realm = world.realm();
    let reader = world.service();
    let relay = Relay::new("one");
    let run = relay.clone().run(
        store.clone(),
        reader.wire.clone(),
        world.clock.clone(),
        world.stop.clone(),
    );
    let task = gantry_telemetry::spawn(run);
    let mut watcher = reader.watch(&realm, "").await;
    watcher.response().await;
    for _ in 0..5 {
        let events = new_events(&world, &realm, 1);
        let id = events[0].id.clone();
        store.change("one".to_owned(), events).await.unwrap();
        relay.wake();
        assert_eq!(watcher.take(1).await[0].1, id);
    }
    world.stop.cancel();
    in_time(task).await.unwrap();
}
