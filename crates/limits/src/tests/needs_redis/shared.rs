//! What only Redis has: other processes, its own clock, and refusals remembered in front of it.

use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::{Clock, SystemClock};
use gantry_testkit::servers;
use tokio::task::JoinSet;

use crate::tests::stage::{MINUTE, Stage, clock, config, direct, limit, outcome};
use crate::{Limiter, LimitsError, RedisConfig, Source};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t_11_two_processes_enforce_one_limit() {
    let (config, clock) = (config(servers::redis_url()), clock());
    let stages = [
        Stage::on(config.clone(), clock.clone()).await,
        Stage::on(config, clock).await,
    ];
    let mut tasks = JoinSet::new();
    for n in 0..200 {
        let limiter = stages[n % 2].limiter.clone();
        tasks.spawn(async move { limiter.take(&limit(20, MINUTE), "victim").await.allowed });
    }
    let accepted = tasks.join_all().await.into_iter().filter(|allowed| *allowed).count();
    assert_eq!(accepted, 20);
    for stage in &stages {
        assert!(!stage.limiter.take(&limit(20, MINUTE), "victim").await.allowed);
    }
}

#[tokio::test]
async fn a_flood_on_a_refused_key_costs_one_call_a_second() {
    let stage = Stage::remembering().await;
    let limit = limit(2, MINUTE);
    assert_eq!(stage.takes(&limit, "a", 3).await, 2);
    assert_eq!(stage.takes(&limit, "a", 1_000).await, 0);
    assert_eq!(stage.limiter.health().by_redis, 3);
    assert_eq!(stage.limiter.health().remembered, 1_000);
    stage.pass(400);
    let decision = stage.limiter.take(&limit, "a").await;
    assert_eq!(outcome(&decision), (false, 0, 59_600));
    assert_eq!(decision.source, Source::Remembered);
    assert_eq!(stage.takes(&limit, "b", 1).await, 1, "other keys are asked about");
    stage.pass(600);
    assert_eq!(stage.limiter.take(&limit, "a").await.source, Source::Redis);
}

#[tokio::test]
async fn a_refund_is_seen_at_once_here_and_within_a_second_elsewhere() {
    let (config, clock) = (config(servers::redis_url()), clock());
    let here = Stage::on(config.clone(), clock.clone()).await;
    let there = Stage::on(config, clock).await;
    let limit = limit(1, MINUTE);
    let taken = here.limiter.take(&limit, "a").await;
    assert!(!here.limiter.take(&limit, "a").await.allowed);
    assert!(!there.limiter.take(&limit, "a").await.allowed);
    here.limiter.refund(&limit, "a", taken.stamp).await;
    assert_eq!(there.limiter.take(&limit, "a").await.source, Source::Remembered);
    let again = here.limiter.take(&limit, "a").await;
    assert!(again.allowed);
    here.limiter.refund(&limit, "a", again.stamp).await;
    there.pass(1_000);
    assert!(there.limiter.take(&limit, "a").await.allowed);
}

#[tokio::test]
async fn a_clock_that_jumps_back_locks_nobody_out_for_longer_than_a_window() {
    let stage = Stage::redis().await;
    let limit = limit(3, MINUTE);
    let start = 1_700_000_000_000;
    for _ in 0..3 {
        stage.limiter.take(&limit, "a").await;
        stage.pass(1_000);
    }
    // An hour back: the three count as of now, and leave a window later.
    stage.clock.jump_to_ms(start - 3_600_000);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (false, 0, 60_000));
    stage.pass(30_000);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (false, 0, 30_000));
    stage.pass(30_000);
    assert_eq!(stage.takes(&limit, "a", 5).await, 3);
}

#[tokio::test]
async fn a_clock_that_jumps_back_a_little_keeps_what_is_older() {
    let stage = Stage::redis().await;
    let limit = limit(3, MINUTE);
    let start = 1_700_000_000_000;
    stage.clock.jump_to_ms(start);
    stage.limiter.take(&limit, "a").await;
    stage.clock.jump_to_ms(start + 20_000);
    stage.limiter.take(&limit, "a").await;
    stage.clock.jump_to_ms(start + 10_000);
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (true, 0, 50_000));
    assert_eq!(outcome(&stage.limiter.take(&limit, "a").await), (false, 0, 50_000));
    stage.clock.jump_to_ms(start + 60_000);
    assert_eq!(stage.takes(&limit, "a", 3).await, 1);
    stage.clock.jump_to_ms(start + 70_000);
    assert_eq!(stage.takes(&limit, "a", 3).await, 2);
}

#[tokio::test]
async fn a_key_holds_max_entries_at_most_and_expires_with_its_window() {
    let config = RedisConfig {
        remember_ms: 0,
        ..config(servers::redis_url())
    };
    let key = format!("{}a", config.key_prefix);
    let stage = Stage::on(config, clock()).await;
    let limit = limit(4, MINUTE);
    let mut redis = direct().await;
    for _ in 0..50 {
        stage.limiter.take(&limit, "a").await;
        stage.pass(20_000);
        let length: u64 = redis::cmd("LLEN").arg(&key).query_async(&mut redis).await.unwrap();
        assert!((1..=4).contains(&length), "{length}");
    }
    let expires: i64 = redis::cmd("PTTL").arg(&key).query_async(&mut redis).await.unwrap();
    assert!((1..=60_000).contains(&expires), "{expires}");
}

/// The one test on real time: the script reads Redis' own clock.
#[tokio::test]
async fn redis_counts_with_its_own_clock() {
    let clock = Arc::new(SystemClock::new());
    let limiter = Limiter::redis(config(servers::redis_url()), clock.clone())
        .await
        .unwrap();
    // Long enough that two calls fit on any machine, or the test would prove nothing.
    let limit = limit(1, 2_000);
    let first = limiter.take(&limit, "a").await;
    assert_eq!(outcome(&first), (true, 0, 2_000));
    // Both run on this machine.
    assert!((first.stamp - clock.now_ms()).abs() < 60_000, "{}", first.stamp);
    let refused = limiter.take(&limit, "a").await;
    assert!(!refused.allowed && refused.reset_ms <= 2_000);
    // Retry-After is a promise: who waits that long is let in.
    tokio::time::sleep(Duration::from_millis(refused.reset_ms + 1)).await;
    assert!(limiter.take(&limit, "a").await.allowed);
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_named_without_its_secrets() {
    for (urls, number) in [
        (vec!["http://user:hunter2@localhost"], Some(1)),
        (vec!["hunter2"], Some(1)),
        (
            vec!["redis://localhost:1", "redis://:hunter2@localhost:hunter2"],
            Some(2),
        ),
        (vec!["redis+cluster://"], Some(1)),
        (vec!["redis://:hunter2@localhost/notanumber"], Some(1)),
        (vec!["redis://:hunter2@localhost:1", "redis://:other@localhost:2"], None),
        (vec![" , "], None),
        (vec![], None),
    ] {
        let config = RedisConfig {
            urls: urls.iter().map(|url| (*url).to_owned().into()).collect(),
            ..RedisConfig::default()
        };
        assert!(!format!("{config:?}").contains("hunter2"));
        let error = Limiter::redis(config, clock()).await.unwrap_err();
        match &error {
            LimitsError::BadUrl { number: named, .. } => assert_eq!(Some(*named), number),
            LimitsError::NoUrl => assert!(urls.join("").trim_matches([' ', ',']).is_empty()),
            LimitsError::BadCluster { .. } => assert_eq!(urls.len(), 2),
            LimitsError::OutOfBounds { .. } => panic!("no limit was given"),
        }
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}
