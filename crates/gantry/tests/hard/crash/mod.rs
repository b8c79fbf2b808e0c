//! Killed in the middle of work (SIGKILL), again and again: what was acknowledged is there, with exactly its events, and webhooks are
//! told of each. A few times in each run of the tests, hundreds of times by `cargo xtask crash`.

pub(crate) mod books;
pub(crate) mod people;
mod told;

use std::process::Command;

use gantry_kernel::{Rng, SeededRng};
use gantry_testkit::servers::crash_rounds;

use crate::common::{Api, REACHABLE, ROOT_KEY, Server, gantry};
use books::Books;
use people::{Done, People};
use told::Told;

/// A number from 1 to `most`.
fn draw(rng: &SeededRng, most: usize) -> usize {
    1 + usize::try_from(rng.u128() % u128::try_from(most).unwrap()).unwrap()
}

/// Kills the only process, again and again.
async fn kill_the_one(mut command: Command, rounds: usize) {
    command
        .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
        .env("GANTRY_LIMITS_ENABLED", "false")
        .envs(REACHABLE);
    let rng = SeededRng::new(42);
    let mut server = Server::start(&command).await;
    let api = Api::at(&server.http);
    let realm = api.new_realm().await;
    let told = Told::begin(&api, &realm).await;
    let mut acknowledged: Vec<Done> = Vec::new();
    for round in 0..rounds {
        let mut people = People::begin(&Api::at(&server.http), &realm, &format!("round-{round}"));
        people.wait_for(draw(&rng, 25)).await;
        server.process.kill();
        acknowledged.extend(people.end().await);
        server = Server::start(&command).await;
    }
    assert!(acknowledged.len() > rounds * 5, "{} deeds", acknowledged.len());
    let api = Api::at(&server.http);
    let books = Books::when_settled(&api, &realm, &acknowledged).await;
    books.are_in_order(&acknowledged, rounds).await;
    told.is_complete(&api, &realm).await;
    server.stop().await;
}

#[tokio::test]
async fn t_42_one_process_loses_nothing_acknowledged_and_tells_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    kill_the_one(gantry(dir.path(), &["serve"]), crash_rounds(10)).await;
}

mod needs_postgres {
    use std::collections::BTreeSet;

    use super::*;
    use crate::common::{Plan, Service};
    use gantry_testkit::db::{Backend, TestDb};

    #[tokio::test]
    async fn t_42_one_process_on_postgres_loses_nothing_either() {
        let dir = tempfile::tempdir().unwrap();
        let database = TestDb::on(Backend::Postgres).await;
        let mut command = gantry(dir.path(), &["serve"]);
        command.env("DATABASE_URL", database.url());
        kill_the_one(command, crash_rounds(5)).await;
    }

    #[tokio::test]
    async fn t_42_several_processes_lose_nothing_acknowledged_and_tell_nothing_twice() {
        let rounds = crash_rounds(9);
        let mut plan = Plan::new().await;
        plan.set("GANTRY_LIMITS_ENABLED", "false");
        for (name, value) in REACHABLE {
            plan.set(name, value);
        }
        let mut cluster = plan.start(1).await;
        // One more that shares the work of telling, and dies with the one that is called.
        let mut other = cluster.plan.service(Service::Event);
        other.env("GANTRY_GRPC_ADDR", "127.0.0.1:0");
        let mut helper = Server::start(&other).await;
        let (api, rng) = (cluster.api(0), SeededRng::new(42));
        let realm = api.new_realm().await;
        let told = Told::begin(&api, &realm).await;
        // They go on while services die under them, and know no more than that a call was not acknowledged.
        let mut people = People::begin(&api, &realm, "all-along");
        let mut died = BTreeSet::new();
        for _ in 0..rounds {
            people.wait_for(draw(&rng, 25)).await;
            // Each of the seven ways in which some of the three can die together.
            let which = draw(&rng, 7);
            let victims: Vec<Service> = Service::ALL
                .into_iter()
                .enumerate()
                .filter_map(|(bit, service)| (which >> bit & 1 == 1).then_some(service))
                .collect();
            for victim in &victims {
                cluster.service(*victim).process.kill();
            }
            if victims.contains(&Service::Event) {
                helper.process.kill();
                helper = Server::start(&other).await;
            }
            for victim in victims {
                cluster.restart(victim).await;
                died.insert(victim);
            }
        }
        assert_eq!(died, BTreeSet::from(Service::ALL));
        people.wait_for(1).await;
        let acknowledged = people.end().await;
        assert!(acknowledged.len() > rounds * 5, "{} deeds", acknowledged.len());
        let books = Books::when_settled(&api, &realm, &acknowledged).await;
        books.are_in_order(&acknowledged, rounds).await;
        told.is_complete(&api, &realm).await;
        helper.stop().await;
        cluster.stop().await;
    }
}
