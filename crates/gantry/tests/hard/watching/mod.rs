//! Who watches while the process behind dies (SIGKILL), again and again, and comes back with the last cursor, is told everything once
//! and in order.

mod watcher;

use std::collections::BTreeSet;
use std::process::Command;

use gantry_testkit::port::HeldPort;
use gantry_testkit::servers::crash_rounds;

use crate::common::{Api, ROOT_KEY, Realm, Server, gantry, until};
use crate::crash::books::Books;
use crate::crash::people::{Done, People};
use watcher::Watcher;

/// How many things are done between two deaths, never the same number twice in a row.
fn deeds(round: usize) -> usize {
    4 + round * 7 % 11
}

/// Waits until everybody is told something that they have not been told: those who came back are back.
async fn all_are_told_more(watchers: &[Watcher], before: &[usize]) {
    for (watcher, before) in watchers.iter().zip(before) {
        watcher.is_told_more_than(*before).await;
    }
}

fn told(watchers: &[Watcher]) -> Vec<usize> {
    watchers.iter().map(|watcher| watcher.told().len()).collect()
}

/// Everybody's stream was ended by each death.
fn all_were_cut_off(watchers: &[Watcher], rounds: usize) {
    for watcher in watchers {
        assert!(
            watcher.ended() >= rounds,
            "{} streams ended {}",
            watcher.ended(),
            watcher.name
        );
    }
}

/// Everything that happened was told to everybody, once, in one order.
async fn all_were_told_all(watchers: &[Watcher], api: &Api, realm: &Realm, acknowledged: &[Done]) {
    drop(Books::when_settled(api, realm, acknowledged).await);
    let query = format!("realm_id={}&created_at_after=", realm.id);
    let happened = async || -> BTreeSet<String> {
        let events = api.all("/v2/events", &query).await;
        events
            .iter()
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for watcher in watchers {
        until(&format!("all is told {}", watcher.name), async || {
            let told: BTreeSet<String> = watcher.told().into_iter().map(|(_, id)| id).collect();
            (told == happened().await).then_some(())
        })
        .await;
    }
    let told: Vec<_> = watchers.iter().map(Watcher::told).collect();
    for (watcher, told) in watchers.iter().zip(&told) {
        let ids: BTreeSet<&String> = told.iter().map(|(_, id)| id).collect();
        assert_eq!(ids.len(), told.len(), "something was told twice {}", watcher.name);
        assert!(
            told.is_sorted_by(|one, next| one.0 < next.0),
            "out of order {}",
            watcher.name
        );
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "one order for all");
    assert!(told[0].len() > acknowledged.len(), "each deed is an event, and more");
}

/// Kills the only process, again and again, and starts it again where it was.
async fn kill_the_one(mut command: Command, rounds: usize) {
    let (http, grpc) = (HeldPort::new(), HeldPort::new());
    command
        .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
        .env("GANTRY_LIMITS_ENABLED", "false")
        .env("GANTRY_HTTP_ADDR", http.addr().to_string())
        .env("GANTRY_GRPC_ADDR", grpc.addr().to_string());
    let mut server = Server::start(&command).await;
    let api = Api::at(&server.http);
    let realm = api.new_realm().await;
    let watchers = [
        Watcher::over_http(&api, &realm),
        Watcher::over_grpc(&server.grpc, &realm),
    ];
    let mut acknowledged: Vec<Done> = Vec::new();
    for round in 0..rounds {
        let before = told(&watchers);
        let mut people = People::begin(&api, &realm, &format!("round-{round}"));
        people.wait_for(deeds(round)).await;
        all_are_told_more(&watchers, &before).await;
        server.process.kill();
        acknowledged.extend(people.end().await);
        server = Server::start(&command).await;
    }
    all_were_told_all(&watchers, &api, &realm, &acknowledged).await;
    all_were_cut_off(&watchers, rounds);
    drop(watchers);
    server.stop().await;
}

#[tokio::test]
async fn t_42_who_watches_the_only_process_is_told_all_once_however_often_it_dies() {
    let dir = tempfile::tempdir().unwrap();
    kill_the_one(gantry(dir.path(), &["serve"]), crash_rounds(6)).await;
}

mod needs_postgres {
    use super::*;
    use crate::common::{Plan, Service};
    use gantry_testkit::db::{Backend, TestDb};

    #[tokio::test]
    async fn t_42_who_watches_one_process_on_postgres_is_told_all_once() {
        let dir = tempfile::tempdir().unwrap();
        let database = TestDb::on(Backend::Postgres).await;
        let mut command = gantry(dir.path(), &["serve"]);
        command.env("DATABASE_URL", database.url());
        kill_the_one(command, crash_rounds(3)).await;
    }

    #[tokio::test]
    async fn t_42_who_watches_several_processes_is_told_all_once_however_often_event_dies() {
        let rounds = crash_rounds(6);
        let mut plan = Plan::new().await;
        plan.set("GANTRY_LIMITS_ENABLED", "false");
        let mut cluster = plan.start(1).await;
        let api = cluster.api(0);
        let realm = api.new_realm().await;
        let event = cluster.plan.url(Service::Event);
        let watchers = [Watcher::over_http(&api, &realm), Watcher::over_grpc(&event, &realm)];
        // What they do goes on while Event is away.
        let mut people = People::begin(&api, &realm, "all-along");
        for round in 0..rounds {
            let before = told(&watchers);
            people.wait_for(deeds(round)).await;
            all_are_told_more(&watchers, &before).await;
            cluster.service(Service::Event).process.kill();
            people.wait_for(1).await;
            cluster.restart(Service::Event).await;
        }
        let acknowledged = people.end().await;
        all_were_told_all(&watchers, &api, &realm, &acknowledged).await;
        all_were_cut_off(&watchers, rounds);
        drop(watchers);
        cluster.stop().await;
    }
}
