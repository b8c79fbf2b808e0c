//! How long events are kept: hidden when they are over, then gone.

use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::{Clock, EventId, IdSource, RealmId, SeededRng};
use gantry_proto::Permission;
use gantry_proto::event::v2::{
    EventRecord, GetEventRequest, ListEventsRequest, RetentionInput, UpdateEventRetentionRequest,
};

use crate::world::{Client, NOW, World, as_key, in_time};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// An event that was made so many days before now.
fn old(world: &World, realm: &RealmId, days: i64, of: u64) -> EventRecord {
    world.clock.jump_to_ms(NOW - days * DAY);
    let ids = IdSource::new(world.clock.clone(), Arc::new(SeededRng::new(of)));
    let event = EventRecord {
        id: ids.id::<EventId>().into_string(),
        ..world.event(realm, "user.created")
    };
    world.clock.jump_to_ms(NOW);
    event
}

async fn listed(client: &Client, realm: &RealmId) -> Vec<String> {
    let asked = ListEventsRequest {
        realm_id: Some(realm.as_str().to_owned()),
        created_at_after: Some(0.0),
        direction: Some("asc".to_owned()),
        ..Default::default()
    };
    let mut rpc = client.rpc.clone();
    let list = rpc.list_events(as_key(asked, Permission::Read, "")).await.unwrap();
    list.into_inner().collection.into_iter().map(|event| event.id).collect()
}

/// Waits until a realm shows these events and no others.
async fn shows(client: &Client, realm: &RealmId, wanted: &[&EventRecord]) {
    let wanted: Vec<&str> = wanted.iter().map(|event| event.id.as_str()).collect();
    let so = async {
        while listed(client, realm).await != wanted {
            tokio::task::yield_now().await;
        }
    };
    in_time(so).await;
}

async fn choose(client: &Client, realm: &RealmId, days: Option<i64>) {
    let asked = UpdateEventRetentionRequest {
        realm_id: Some(realm.as_str().to_owned()),
        retention: Some(RetentionInput {
            days,
            present: vec!["days".to_owned()],
        }),
        ..Default::default()
    };
    let mut rpc = client.rpc.clone();
    let told = rpc.update_event_retention(as_key(asked, Permission::Manage, "")).await;
    assert_eq!(told.unwrap().into_inner().days, days);
}

#[tokio::test]
async fn each_realm_keeps_its_own_and_the_rest_go_by_the_operator() {
    let mut world = World::new().await;
    world.retention_days = Some(90);
    world.pace.sweep = Duration::from_millis(20);
    let (short, long, silent) = (world.realm(), world.realm(), world.realm());
    let made = |realm: &RealmId, of: u64| {
        let days = [400, 100, 80, 20, 1];
        days.map(|days| old(&world, realm, days, of * 1000 + days.unsigned_abs()))
    };
    let (of_short, of_long, of_silent) = (made(&short, 1), made(&long, 2), made(&silent, 3));
    // A service that keeps all of it for ever takes it in.
    let client = {
        let service = world.service();
        choose(&service, &long, Some(36_500)).await;
        choose(&service, &short, Some(36_500)).await;
        service
    };
    for events in [&of_short, &of_long, &of_silent] {
        client.append(events).await;
    }
    shows(&client, &long, &of_long.each_ref()).await;
    shows(&client, &silent, &of_silent.each_ref()[2..]).await;
    choose(&client, &short, Some(30)).await;
    shows(&client, &short, &of_short.each_ref()[3..]).await;
    shows(&client, &long, &of_long.each_ref()).await;
    // What is over cannot be read by its id either, and does not come back with longer days.
    let asked = GetEventRequest {
        id: of_short[0].id.clone(),
        realm_id: Some(short.as_str().to_owned()),
    };
    let gone = client.rpc.clone().get_event(as_key(asked, Permission::Read, "")).await;
    assert!(gone.is_err());
    choose(&client, &short, None).await;
    shows(&client, &short, &of_short.each_ref()[3..]).await;
    // Time goes on by itself.
    world.clock.advance_ms(80 * DAY);
    shows(&client, &short, &of_short.each_ref()[4..]).await;
    shows(&client, &silent, &of_silent.each_ref()[4..]).await;
    shows(&client, &long, &of_long.each_ref()).await;
    assert_eq!(world.clock.now_ms(), NOW + 80 * DAY);
    // An event that is over when it comes is none.
    assert_eq!(client.append(&of_silent[..1]).await, 0);
}

#[tokio::test]
async fn without_a_word_events_are_kept_for_ever() {
    let mut world = World::new().await;
    world.pace.sweep = Duration::from_millis(5);
    let realm = world.realm();
    let event = old(&world, &realm, 5000, 1);
    let client = world.service();
    client.append(std::slice::from_ref(&event)).await;
    tokio::time::timeout(Duration::from_millis(200), std::future::pending::<()>())
        .await
        .unwrap_err();
    assert_eq!(listed(&client, &realm).await, [event.id]);
}

mod needs_postgres {
    use diesel::sql_types::Text;
    use diesel::{QueryableByName, sql_query};
    use diesel_async::RunQueryDsl;
    use gantry_db::Db;
    use gantry_testkit::db::Backend;

    use super::*;

    /// The first of January 2100, behind all that the first partition holds.
    const BEGIN: i64 = 4_102_444_800_000;

    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        text: String,
    }

    async fn ask(world: &World, sql: &str) -> Vec<String> {
        let Db::Pg(pool) = &world.db else {
            panic!("opened as PostgreSQL")
        };
        let sql = sql.to_owned();
        let found = pool.read("ask", move |conn| {
            Box::pin(async move { Ok(sql_query(sql).load::<Found>(conn).await?) })
        });
        found.await.unwrap().into_iter().map(|found| found.text).collect()
    }

    /// Waits until the partitions are these, beside the one for all else. The first is over and empty, and goes at once.
    async fn months(world: &World, wanted: &[&str]) {
        let sql = "SELECT inhrelid::regclass::text AS text FROM pg_inherits WHERE inhparent = 'event_events'::regclass ORDER BY 1";
        let names = ["other"].iter().chain(wanted);
        let all: Vec<String> = names.map(|month| format!("event_events_{month}")).collect();
        let so = async {
            while ask(world, sql).await != all {
                tokio::task::yield_now().await;
            }
        };
        in_time(so).await;
    }

    #[tokio::test]
    async fn months_are_made_ahead_and_go_when_no_realm_keeps_any_of_them() {
        let mut world = World::on(Backend::Postgres).await;
        world.retention_days = Some(30);
        world.pace.sweep = Duration::from_millis(20);
        world.clock.jump_to_ms(BEGIN);
        let (silent, long) = (world.realm(), world.realm());
        // Several processes look after them at once.
        let clients = [world.service(), world.service()];
        months(&world, &["y2100m01", "y2100m02", "y2100m03", "y2100m04"]).await;
        choose(&clients[0], &long, Some(60)).await;
        let made: Vec<EventRecord> = [&silent, &long].map(|realm| world.event(realm, "user.created")).into();
        clients[1].append(&made).await;
        // On the first of March the operator's thirty days are over for all of January but its end; another realm keeps the month.
        world.clock.advance_ms(59 * DAY);
        let next = world.event(&silent, "user.created");
        clients[0].append(std::slice::from_ref(&next)).await;
        shows(&clients[0], &silent, &[&next]).await;
        let there = "SELECT id AS text FROM event_events_y2100m01";
        let one_left = async {
            while ask(&world, there).await != [made[1].id.as_str()] {
                tokio::task::yield_now().await;
            }
        };
        in_time(one_left).await;
        shows(&clients[1], &long, &[&made[1]]).await;
        // Nothing ever came in February.
        months(&world, &["y2100m01", "y2100m03", "y2100m04", "y2100m05", "y2100m06"]).await;
        // Days later nobody keeps January any longer.
        world.clock.advance_ms(3 * DAY);
        months(&world, &["y2100m03", "y2100m04", "y2100m05", "y2100m06"]).await;
        shows(&clients[1], &long, &[]).await;
        shows(&clients[0], &silent, &[&next]).await;
        assert_eq!(ask(&world, "SELECT id AS text FROM event_events").await, [next.id]);
    }
}
