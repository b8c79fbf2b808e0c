//! Redis cut off, hanging, and back again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gantry_kernel::{Clock, SystemClock};
use gantry_testkit::outage::OutageProxy;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::tests::stage::{MINUTE, Stage, clock, config, limit, outcome, redis_addr};
use crate::{Limit, OnOutage, RedisConfig, Source};

struct Broken {
    proxy: OutageProxy,
    stage: Stage,
}

impl Broken {
    async fn new() -> Self {
        Self::with(|config| config).await
    }

    async fn with(change: impl Fn(RedisConfig) -> RedisConfig) -> Self {
        let proxy = OutageProxy::start(redis_addr().await);
        let stage = Stage::on(change(config(format!("redis://{}", proxy.addr()))), clock()).await;
        Self { proxy, stage }
    }

    async fn source(&self, limit: &Limit, key: &str) -> (bool, Source) {
        let decision = self.stage.limiter.take(limit, key).await;
        (decision.allowed, decision.source)
    }
}

fn on(on_outage: OnOutage) -> Limit {
    Limit {
        on_outage,
        ..limit(2, MINUTE)
    }
}

#[tokio::test]
async fn each_limit_does_what_it_says_and_redis_comes_back() {
    let broken = Broken::new().await;
    let limits = [on(OnOutage::Allow), on(OnOutage::Refuse), on(OnOutage::Memory)];
    for limit in &limits {
        let key = format!("before:{:?}", limit.on_outage);
        assert_eq!(broken.source(limit, &key).await, (true, Source::Redis));
    }
    assert_eq!(broken.stage.takes(&limits[1], "full", 2).await, 2);
    broken.proxy.cut();
    for _ in 0..3 {
        assert_eq!(broken.source(&limits[0], "allow").await, (true, Source::Fallback));
        assert_eq!(broken.source(&limits[1], "refuse").await, (false, Source::Fallback));
    }
    for expected in [(true, 1, 60_000), (true, 0, 60_000), (false, 0, 60_000)] {
        let decision = broken.stage.limiter.take(&limits[2], "memory").await;
        assert_eq!((outcome(&decision), decision.source), (expected, Source::Fallback));
    }
    let health = broken.stage.limiter.health();
    assert!(!health.reachable && health.uses_redis);
    assert_eq!(
        (
            health.fallback_allowed,
            health.fallback_refused,
            health.fallback_counted,
            health.outages
        ),
        (3, 3, 3, 1)
    );
    // Back, but not yet looked for.
    broken.proxy.restore();
    assert_eq!(broken.source(&limits[1], "refuse").await, (false, Source::Fallback));
    broken.stage.pass(1_000);
    assert_eq!(broken.source(&limits[1], "refuse").await, (true, Source::Redis));
    assert!(broken.stage.limiter.health().reachable);
    // What was counted before the outage still is.
    assert_eq!(broken.source(&limits[1], "full").await, (false, Source::Redis));
}

#[tokio::test]
async fn a_refusal_for_an_outage_asks_to_come_back_after_the_next_probe() {
    let broken = Broken::new().await;
    broken.proxy.cut();
    let refuse = on(OnOutage::Refuse);
    assert_eq!(
        outcome(&broken.stage.limiter.take(&refuse, "a").await),
        (false, 0, 1_000)
    );
    broken.stage.pass(300);
    assert_eq!(outcome(&broken.stage.limiter.take(&refuse, "a").await), (false, 0, 700));
}

#[tokio::test]
async fn one_probe_looks_while_the_others_do_not_wait() {
    let broken = Broken::new().await;
    let allow = on(OnOutage::Allow);
    broken.proxy.cut();
    broken.stage.limiter.take(&allow, "a").await;
    broken.proxy.restore();
    broken.stage.pass(1_000);
    let limiter = &broken.stage.limiter;
    // Polled one after the other: the first is still connecting when the others ask.
    let (a, b, c, d) = tokio::join!(
        limiter.take(&allow, "a"),
        limiter.take(&allow, "b"),
        limiter.take(&allow, "c"),
        limiter.take(&allow, "d")
    );
    assert_eq!(a.source, Source::Redis);
    for other in [b, c, d] {
        assert_eq!(other.source, Source::Fallback);
    }
}

#[tokio::test]
async fn a_failed_probe_waits_for_the_next_cool_down() {
    let broken = Broken::new().await;
    let allow = on(OnOutage::Allow);
    broken.proxy.cut();
    for _ in 0..3 {
        assert_eq!(broken.source(&allow, "a").await, (true, Source::Fallback));
        broken.stage.pass(1_000);
    }
    // This is the third probe; the next is due a second later.
    broken.source(&allow, "a").await;
    broken.proxy.restore();
    broken.stage.pass(999);
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Fallback));
    broken.stage.pass(1);
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Redis));
    assert_eq!(broken.stage.limiter.health().outages, 1);
}

#[tokio::test]
async fn a_hang_costs_one_call_a_bounded_time_and_the_rest_nothing() {
    let impatient = |config| RedisConfig {
        response_timeout_ms: 200,
        connect_timeout_ms: 400,
        ..config
    };
    let broken = Broken::with(impatient).await;
    let allow = on(OnOutage::Allow);
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Redis));
    broken.proxy.stall();
    let clock = SystemClock::new();
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Fallback));
    let first = clock.monotonic_ms();
    assert!((200..2_000).contains(&first), "{first} ms");
    // Ten thousand takes while it hangs: if even one in a hundred waited, this would take 20 s.
    for _ in 0..10_000 {
        assert_eq!(broken.source(&allow, "a").await, (true, Source::Fallback));
    }
    let others = clock.monotonic_ms() - first;
    assert!(others < 10_000, "{others} ms");
    // A probe into the hang is bounded as well.
    broken.stage.pass(1_000);
    let before = clock.monotonic_ms();
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Fallback));
    let probe = clock.monotonic_ms() - before;
    assert!((200..3_000).contains(&probe), "{probe} ms");
    assert_eq!(broken.stage.limiter.health().outages, 1);
}

#[tokio::test]
async fn a_hang_that_ends_is_found_to_have_ended() {
    // The old connection hangs for ever; a new one works.
    let broken = Broken::with(|config| RedisConfig {
        response_timeout_ms: 1_000,
        ..config
    })
    .await;
    let allow = on(OnOutage::Allow);
    broken.proxy.stall();
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Fallback));
    broken.proxy.restore();
    broken.stage.pass(1_000);
    assert_eq!(broken.source(&allow, "a").await, (true, Source::Redis));
}

#[tokio::test]
async fn a_closed_connection_is_no_outage_when_the_next_one_works() {
    let broken = Broken::new().await;
    let refuse = on(OnOutage::Refuse);
    for key in ["a", "b", "c"] {
        assert_eq!(broken.source(&refuse, key).await, (true, Source::Redis));
        broken.proxy.cut();
        broken.proxy.restore();
    }
    assert_eq!(broken.stage.limiter.health().outages, 0);
}

#[tokio::test]
async fn starts_without_redis_and_finds_it_later() {
    let proxy = OutageProxy::start(redis_addr().await);
    proxy.cut();
    let stage = Stage::on(config(format!("redis://{}", proxy.addr())), clock()).await;
    let broken = Broken { proxy, stage };
    let refuse = on(OnOutage::Refuse);
    assert!(!broken.stage.limiter.health().reachable);
    assert_eq!(broken.source(&refuse, "a").await, (false, Source::Fallback));
    broken.proxy.restore();
    broken.stage.pass(1_000);
    assert_eq!(broken.source(&refuse, "a").await, (true, Source::Redis));
}

#[tokio::test]
async fn readiness_notices_by_itself_that_redis_went_and_came_back() {
    let broken = Broken::new().await;
    assert!(broken.stage.limiter.check().await.reachable);
    broken.proxy.cut();
    assert!(broken.stage.limiter.health().reachable, "nobody has looked");
    assert!(!broken.stage.limiter.check().await.reachable);
    broken.proxy.restore();
    assert!(
        !broken.stage.limiter.check().await.reachable,
        "not during the cool-down"
    );
    broken.stage.pass(1_000);
    assert!(broken.stage.limiter.check().await.reachable);
    assert_eq!(broken.source(&on(OnOutage::Refuse), "a").await, (true, Source::Redis));
}

#[tokio::test]
async fn a_remembered_refusal_needs_no_redis() {
    let broken = Broken::new().await;
    let allow = on(OnOutage::Allow);
    broken.stage.takes(&allow, "a", 3).await;
    broken.proxy.cut();
    for _ in 0..100 {
        assert_eq!(broken.source(&allow, "a").await, (false, Source::Remembered));
    }
    assert_eq!(broken.stage.limiter.health().outages, 0, "nobody was asked");
}

#[tokio::test]
async fn refunds_go_where_they_were_counted_or_are_lost() {
    let broken = Broken::new().await;
    let memory = on(OnOutage::Memory);
    let in_redis = broken.stage.limiter.take(&memory, "a").await;
    broken.proxy.cut();
    let in_memory = broken.stage.limiter.take(&memory, "a").await;
    assert_eq!((in_memory.source, in_memory.remaining), (Source::Fallback, 1));
    broken.stage.limiter.refund(&memory, "a", in_redis.stamp).await;
    assert_eq!(broken.stage.limiter.health().refunds_lost, 1);
    broken.stage.limiter.refund(&memory, "a", in_memory.stamp).await;
    assert_eq!(broken.stage.takes(&memory, "a", 5).await, 2);
    let allowed = broken.stage.limiter.take(&on(OnOutage::Allow), "b").await;
    broken.stage.limiter.refund(&memory, "b", allowed.stamp).await;
    assert_eq!(
        broken.stage.limiter.health().refunds_lost,
        1,
        "nothing had been counted"
    );
    // A refund may be the probe.
    broken.proxy.restore();
    broken.stage.pass(1_000);
    broken.stage.limiter.refund(&memory, "a", in_redis.stamp).await;
    assert!(broken.stage.limiter.health().reachable);
    assert_eq!(broken.stage.limiter.take(&memory, "a").await.remaining, 1);
}

#[tokio::test]
async fn the_log_says_each_change_once() {
    let (warnings, _guard) = Warnings::count();
    let broken = Broken::new().await;
    let refuse = on(OnOutage::Refuse);
    for outage in 1..=2 {
        broken.proxy.cut();
        for _ in 0..50 {
            broken.source(&refuse, "a").await;
            broken.stage.pass(100);
        }
        assert_eq!(warnings.load(Ordering::SeqCst), outage);
        broken.proxy.restore();
        broken.stage.pass(1_000);
        assert_eq!(broken.source(&refuse, "a").await.1, Source::Redis);
    }
    assert_eq!(warnings.load(Ordering::SeqCst), 2);
}

/// Counts the warnings of this crate.
struct Warnings(Arc<AtomicUsize>);

impl Warnings {
    fn count() -> (Arc<AtomicUsize>, DefaultGuard) {
        let warnings = Arc::<AtomicUsize>::default();
        let subscriber = tracing_subscriber::registry().with(Self(warnings.clone()));
        (warnings, tracing::subscriber::set_default(subscriber))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() == tracing::Level::WARN && metadata.target().starts_with("gantry_limits") {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}
#[tokio::test]
async fn an_outage_is_the_same_for_a_cluster_and_behind_tls() {
    let proxy = OutageProxy::start(redis_addr().await);
    let addr = proxy.addr();
    let impatient = |url: String| RedisConfig {
        response_timeout_ms: 100,
        connect_timeout_ms: 200,
        ..config(url)
    };
    // This Redis is neither a cluster nor does it speak TLS: a server that answers nonsense is as good as away.
    for switch in [OutageProxy::cut, OutageProxy::stall, OutageProxy::restore] {
        switch(&proxy);
        for url in [
            format!("redis+cluster://{addr}"),
            format!("redis://{addr},redis://{addr}"),
            format!("rediss://{addr}"),
            format!("rediss+cluster://{addr}"),
        ] {
            let stage = Stage::on(impatient(url.clone()), clock()).await;
            stage.pass(1_000);
            let decision = stage.limiter.take(&on(OnOutage::Memory), "a").await;
            assert_eq!(decision.source, Source::Fallback, "{url}");
            assert_eq!(stage.limiter.health().outages, 1, "{url}");
        }
    }
}
