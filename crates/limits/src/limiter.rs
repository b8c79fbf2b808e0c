//! The limiter itself: who is asked, in which order.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use gantry_kernel::Clock;
use sha2::{Digest, Sha256};

use crate::decision::{Decision, Source};
use crate::guard::{Guard, Pass, Ticket};
use crate::health::{Counters, Health};
use crate::limit::{Limit, OnOutage, Rule};
use crate::link::{CallError, Link};
use crate::memory::{self, MemoryRings};
use crate::remembered::{Known, Remembered};
use crate::ring::Verdict;
use crate::{LimitsError, RedisConfig};

/// Keys up to this many bytes are stored as they are.
const LONGEST_KEY: usize = 200;

/// Counts and decides; clones share everything.
#[derive(Debug, Clone)]
pub struct Limiter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Arc<dyn Clock>,
    memory: MemoryRings,
    shared: Option<Shared>,
    counters: Counters,
}

/// What stands before and around Redis.
#[derive(Debug)]
struct Shared {
    link: Link,
    guard: Guard,
    remembered: Remembered,
    prefix: String,
}

impl Limiter {
    /// Counts in this process alone.
    pub fn memory(clock: Arc<dyn Clock>) -> Self {
        Self::build(clock, None)
    }

    /// Counts in Redis, together with all processes that share it. When Redis is away now, the limiter starts all the
    /// same, as in any other outage.
    ///
    /// # Errors
    /// [`LimitsError`] when the configuration cannot work, whether Redis is there or not.
    pub async fn redis(config: RedisConfig, clock: Arc<dyn Clock>) -> Result<Self, LimitsError> {
        Self::redis_with_time(config, clock, None).await
    }

    /// As [`redis`](Self::redis), with a clock that stands in for Redis' own.
    pub(crate) async fn redis_with_time(
        config: RedisConfig,
        clock: Arc<dyn Clock>,
        time: Option<Arc<dyn Clock>>,
    ) -> Result<Self, LimitsError> {
        let shared = Shared {
            link: Link::new(&config, time)?,
            guard: Guard::new(clock.clone(), millis(config.cool_down_ms)),
            remembered: Remembered::new(millis(config.remember_ms)),
            prefix: config.key_prefix,
        };
        let limiter = Self::build(clock, Some(shared));
        limiter.connect_first().await;
        Ok(limiter)
    }

    fn build(clock: Arc<dyn Clock>, shared: Option<Shared>) -> Self {
        Self(Arc::new(Inner {
            clock,
            memory: MemoryRings::new(memory::BUDGET),
            shared,
            counters: Counters::default(),
        }))
    }

    async fn connect_first(&self) {
        if let Some(shared) = &self.0.shared
            && let Pass::Call(ticket) = shared.guard.pass()
        {
            let connected = shared.link.connect().await;
            self.0.settle(ticket, &connected);
        }
    }

    /// Counts one time for a key, unless its window is full. The key spells out the whole scope, `login:ip:rl_x:192.0.2.1`.
    pub async fn take(&self, limit: &Limit, key: &str) -> Decision {
        let rule = limit.rule();
        if rule.max == 0 {
            // Nothing to count; and nobody is let in before the settings change.
            return Decision::refused(rule, rule.window, self.0.own_source());
        }
        let Some(shared) = &self.0.shared else {
            self.0.counters.by_memory.add();
            return self.0.take_in_memory(rule, &stored("", key), Source::Memory);
        };
        let key = stored(&shared.prefix, key);
        let era = match shared.remembered.look(rule, &key, self.0.clock.monotonic_ms()) {
            Known::Refused { reset } => {
                self.0.counters.remembered.add();
                return Decision::refused(rule, reset, Source::Remembered);
            }
            Known::Nothing { era } => era,
        };
        match self.0.call(shared, shared.link.take(rule, &key)).await {
            Ok(verdict) => {
                self.0.counters.by_redis.add();
                if let Verdict::Refused { reset } = verdict {
                    shared
                        .remembered
                        .insert(era, rule, &key, self.0.clock.monotonic_ms(), reset);
                }
                Decision::from_verdict(rule, verdict, Source::Redis)
            }
            Err(Away { next_probe_ms }) => self.0.fall_back(limit.on_outage, rule, &key, next_probe_ms),
        }
    }

    /// Gives back what a decision counted, since the attempt turned out well. Does nothing for a refusal.
    pub async fn refund(&self, _limit: &Limit, key: &str, stamp: i64) {
        let prefix = self.0.shared.as_ref().map_or("", |shared| &shared.prefix);
        let key = stored(prefix, key);
        if stamp < 0 {
            self.0.memory.refund(&key, in_memory(stamp));
        } else if let Some(shared) = &self.0.shared
            && stamp != Decision::NO_STAMP
        {
            self.0.refund_in_redis(shared, &key, stamp).await;
        }
    }

    /// Tells how the limiter is doing, from what it saw last; calls nobody.
    pub fn health(&self) -> Health {
        let Inner {
            memory,
            shared,
            counters,
            ..
        } = &*self.0;
        Health {
            uses_redis: shared.is_some(),
            reachable: shared.as_ref().is_none_or(|shared| shared.guard.is_here()),
            outages: counters.outages.get(),
            by_redis: counters.by_redis.get(),
            by_memory: counters.by_memory.get(),
            remembered: counters.remembered.get(),
            fallback_allowed: counters.fallback_allowed.get(),
            fallback_refused: counters.fallback_refused.get(),
            fallback_counted: counters.fallback_counted.get(),
            refunds_lost: counters.refunds_lost.get(),
            evicted: memory.evicted(),
        }
    }

    /// Asks Redis for a sign of life first, when it is worth a call. Readiness asks this way: a process that is not
    /// ready gets no requests, and would otherwise never notice that Redis is back.
    pub async fn check(&self) -> Health {
        if let Some(shared) = &self.0.shared {
            // How it ended is in the health.
            let _answer = self.0.call(shared, shared.link.ping()).await;
        }
        self.health()
    }
}

/// Redis is not to be had.
struct Away {
    next_probe_ms: i64,
}

impl Inner {
    fn own_source(&self) -> Source {
        match self.shared {
            Some(_) => Source::Redis,
            None => Source::Memory,
        }
    }

    async fn refund_in_redis(&self, shared: &Shared, key: &str, stamp: i64) {
        if self.call(shared, shared.link.refund(key, stamp)).await.is_err() {
            self.counters.refunds_lost.add();
        }
        shared.remembered.remove(key);
    }

    /// Makes a call if Redis is taken for here, or if it is time to look.
    async fn call<T>(&self, shared: &Shared, call: impl Future<Output = Result<T, CallError>>) -> Result<T, Away> {
        let ticket = match shared.guard.pass() {
            Pass::Call(ticket) => ticket,
            Pass::Away { next_probe_ms } => return Err(Away { next_probe_ms }),
        };
        let connected = match ticket.is_probe() {
            true => shared.link.connect().await,
            false => Ok(()),
        };
        let answer = match connected {
            Ok(()) => call.await,
            Err(error) => Err(error),
        };
        self.settle(ticket, &answer);
        answer.map_err(|_settled| Away {
            next_probe_ms: shared.guard.cool_down(),
        })
    }

    /// Tells the guard how a call ended.
    fn settle<T>(&self, ticket: Ticket<'_>, answer: &Result<T, CallError>) {
        match answer {
            Ok(_) => ticket.succeeded(),
            Err(error) => {
                if ticket.failed(error) {
                    self.counters.outages.add();
                }
            }
        }
    }

    fn fall_back(&self, on_outage: OnOutage, rule: Rule, key: &str, next_probe_ms: i64) -> Decision {
        match on_outage {
            OnOutage::Allow => {
                self.counters.fallback_allowed.add();
                Decision::allowed(rule, rule.max, rule.window, Decision::NO_STAMP, Source::Fallback)
            }
            OnOutage::Refuse => {
                self.counters.fallback_refused.add();
                Decision::refused(rule, next_probe_ms, Source::Fallback)
            }
            OnOutage::Memory => {
                self.counters.fallback_counted.add();
                self.take_in_memory(rule, key, Source::Fallback)
            }
        }
    }

    fn take_in_memory(&self, rule: Rule, key: &str, source: Source) -> Decision {
        let verdict = self.memory.take(rule, key, self.clock.monotonic_ms());
        let mut decision = Decision::from_verdict(rule, verdict, source);
        if decision.allowed {
            decision.stamp = in_memory(decision.stamp);
        }
        decision
    }
}

/// Turns a time in memory into a stamp and back: stamps of memory are negative, those of Redis are not.
fn in_memory(time: i64) -> i64 {
    -1 - time
}

/// The key as it is stored. A long one is hashed, for it may be what a client typed; so is one with a brace, with which
/// it would choose its place in a cluster.
fn stored<'a>(prefix: &str, key: &'a str) -> Cow<'a, str> {
    let as_is = key.len() <= LONGEST_KEY && !key.contains('{');
    match (as_is, prefix) {
        (true, "") => Cow::Borrowed(key),
        (true, prefix) => Cow::Owned(format!("{prefix}{key}")),
        (false, prefix) => {
            let mut text = format!("{prefix}sha256:");
            for byte in Sha256::digest(key) {
                // Writing to a String cannot fail.
                let _always = write!(text, "{byte:02x}");
            }
            Cow::Owned(text)
        }
    }
}

fn millis(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stored_short_and_without_a_place_of_their_own_choice() {
        let fits = "x".repeat(LONGEST_KEY);
        assert_eq!(stored("gantry:", &fits), format!("gantry:{fits}"));
        assert_eq!(stored("", "login:ip:rl_x:192.0.2.1"), "login:ip:rl_x:192.0.2.1");
        let long = "x".repeat(LONGEST_KEY + 1);
        for key in [&long, "login:{a}", "{"] {
            let stored = stored("gantry:", key);
            assert!(
                stored.starts_with("gantry:sha256:") && !stored.contains('{'),
                "{stored}"
            );
            assert_eq!(stored.len(), "gantry:sha256:".len() + 64);
        }
        assert_ne!(stored("", "login:{a}"), stored("", "login:{b}"));
    }
}
