//! Killed in the middle of work (SIGKILL), again and again: what was acknowledged is there, with exactly its events.

mod books;
mod people;

use gantry_kernel::{Rng, SeededRng};

use crate::common::{Api, ROOT_KEY, Server, gantry};
use books::Books;
use people::{Done, People};

/// A number from 1 to `most`.
fn draw(rng: &SeededRng, most: usize) -> usize {
    1 + usize::try_from(rng.u128() % u128::try_from(most).unwrap()).unwrap()
}

#[tokio::test]
async fn t_42_one_process_loses_nothing_acknowledged_and_tells_nothing_twice() {
    const ROUNDS: usize = 15;
    let dir = tempfile::tempdir().unwrap();
    let mut command = gantry(dir.path(), &["serve"]);
    command
        .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
        .env("GANTRY_LIMITS_ENABLED", "false");
    let rng = SeededRng::new(42);
    let mut server = Server::start(&command).await;
    let realm = Api::at(&server.http).new_realm().await;
    let mut acknowledged: Vec<Done> = Vec::new();
    for round in 0..ROUNDS {
        let mut people = People::begin(&Api::at(&server.http), &realm, &format!("round-{round}"));
        people.wait_for(draw(&rng, 25)).await;
        server.process.kill();
        acknowledged.extend(people.end().await);
        server = Server::start(&command).await;
    }
    assert!(acknowledged.len() > ROUNDS * 5, "{} deeds", acknowledged.len());
    let api = Api::at(&server.http);
    let books = Books::when_settled(&api, &realm, &acknowledged).await;
    books.are_in_order(&acknowledged, ROUNDS).await;
    server.stop().await;
}

mod needs_postgres {
    use std::collections::BTreeSet;

    use super::*;
    use crate::common::{Plan, Service};

    #[tokio::test]
    async fn t_42_several_processes_lose_nothing_acknowledged_and_tell_nothing_twice() {
        const ROUNDS: usize = 9;
        let mut plan = Plan::new().await;
        plan.set("GANTRY_LIMITS_ENABLED", "false");
        let mut cluster = plan.start(1).await;
        let (api, rng) = (cluster.api(0), SeededRng::new(42));
        let realm = api.new_realm().await;
        // They go on while services die under them, and know no more than that a call was not acknowledged.
        let mut people = People::begin(&api, &realm, "all-along");
        let mut died = BTreeSet::new();
        for _ in 0..ROUNDS {
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
            for victim in victims {
                cluster.restart(victim).await;
                died.insert(victim);
            }
        }
        assert_eq!(died, BTreeSet::from(Service::ALL));
        people.wait_for(1).await;
        let acknowledged = people.end().await;
        assert!(acknowledged.len() > ROUNDS * 5, "{} deeds", acknowledged.len());
        let books = Books::when_settled(&api, &realm, &acknowledged).await;
        books.are_in_order(&acknowledged, ROUNDS).await;
        cluster.stop().await;
    }
}
