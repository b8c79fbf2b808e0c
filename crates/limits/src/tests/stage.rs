//! What the tests of this crate stand on.

use std::net::SocketAddr;
use std::sync::Arc;

use gantry_kernel::{ManualClock, Rng, SystemRng};
use gantry_testkit::servers;
use redis::aio::MultiplexedConnection;

use crate::{Decision, Limit, Limiter, OnOutage, RedisConfig};

/// A minute: long enough that no key expires by the real time of a test.
pub(super) const MINUTE: u64 = 60_000;

/// A limiter with the clock that moves it.
pub(super) struct Stage {
    pub(super) limiter: Limiter,
    pub(super) clock: Arc<ManualClock>,
}

impl Stage {
    pub(super) async fn memory() -> Self {
        let clock = clock();
        let limiter = Limiter::memory(clock.clone());
        Self { limiter, clock }
    }

    /// Redis is asked about every take.
    pub(super) async fn redis() -> Self {
        let config = RedisConfig {
            remember_ms: 0,
            ..config(servers::redis_url())
        };
        Self::on(config, clock()).await
    }

    /// Redis as it is used, with refusals remembered in front of it.
    pub(super) async fn remembering() -> Self {
        Self::on(config(servers::redis_url()), clock()).await
    }

    pub(super) async fn on(config: RedisConfig, clock: Arc<ManualClock>) -> Self {
        let time: Arc<ManualClock> = clock.clone();
        let limiter = Limiter::redis_with_time(config, clock.clone(), Some(time))
            .await
            .unwrap();
        Self { limiter, clock }
    }

    pub(super) fn pass(&self, ms: i64) {
        self.clock.advance_ms(ms);
    }

    /// Takes a number of times and returns how many were accepted.
    pub(super) async fn takes(&self, limit: &Limit, key: &str, times: usize) -> usize {
        let mut accepted = 0;
        for _ in 0..times {
            accepted += usize::from(self.limiter.take(limit, key).await.allowed);
        }
        accepted
    }
}

pub(super) fn clock() -> Arc<ManualClock> {
    let clock = ManualClock::new(1_700_000_000_000);
    // The monotonic clock of a machine does not start at zero either.
    clock.advance_ms(12_345);
    Arc::new(clock)
}

/// A configuration with keys of its own, and patient: a loaded machine must not look like an outage.
pub(super) fn config(url: impl Into<String>) -> RedisConfig {
    RedisConfig {
        key_prefix: format!("test:{:032x}:", SystemRng.u128()),
        response_timeout_ms: 10_000,
        connect_timeout_ms: 10_000,
        ..RedisConfig::new(url.into())
    }
}

pub(super) fn limit(max: u32, window_ms: u64) -> Limit {
    Limit {
        name: "test".to_owned(),
        max,
        window_ms,
        on_outage: OnOutage::Refuse,
    }
}

/// What of a decision both backends must agree on.
pub(super) fn outcome(decision: &Decision) -> (bool, u32, u64) {
    (decision.allowed, decision.remaining, decision.reset_ms)
}

/// A connection past the limiter.
pub(super) async fn direct() -> MultiplexedConnection {
    let client = redis::Client::open(servers::redis_url()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

pub(super) async fn redis_addr() -> SocketAddr {
    let url = servers::redis_url();
    let host = url
        .rsplit(['@', '/'])
        .find(|part| part.contains(':'))
        .expect("a host and a port in the url of redis");
    tokio::net::lookup_host(host).await.unwrap().next().unwrap()
}
