//! What an operator watches: how much waits, for how long, and what fails where.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gantry_kernel::base62;
use parking_lot::Mutex;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use url::Url;

use super::{Outcome, Tried};
use crate::State;

/// How often the queue is measured.
const LOOK: Duration = Duration::from_secs(10);
/// The most hosts that failures are counted for; those behind are counted together, lest a realm's hooks fill the memory.
const HOSTS: usize = 200;
/// What those behind are called.
const OTHERS: &str = "others";
/// The bounds of durations, in seconds; an attempt takes ten at the most.
const BOUNDS: [f64; 10] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    hook_type: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Destination {
    host: String,
}

/// The numbers of deliveries.
#[derive(Clone)]
pub(crate) struct Metrics {
    waiting: Gauge,
    oldest: Gauge,
    attempts: Family<Kind, Counter>,
    failures: Family<Destination, Counter>,
    took: Histogram,
    pub(super) switched_off: Counter,
    hosts: Arc<Mutex<HashSet<String>>>,
}

impl Metrics {
    /// Counts from nothing, and shows it where somebody looks.
    pub(crate) fn new(shown: Option<&gantry_telemetry::Metrics>) -> Self {
        let own = Self {
            waiting: Gauge::default(),
            oldest: Gauge::default(),
            attempts: Family::default(),
            failures: Family::default(),
            took: Histogram::new(BOUNDS),
            switched_off: Counter::default(),
            hosts: Arc::default(),
        };
        if let Some(shown) = shown {
            own.register(shown);
        }
        own
    }

    fn register(&self, shown: &gantry_telemetry::Metrics) {
        shown.register(
            "deliveries_waiting",
            "Notifications that are neither delivered nor given up, of all processes",
            self.waiting.clone(),
        );
        shown.register(
            "deliveries_oldest_seconds",
            "Age of the oldest of them",
            self.oldest.clone(),
        );
        shown.register(
            "delivery_attempts",
            "Attempts of this process by the type of hook and what came of them",
            self.attempts.clone(),
        );
        shown.register(
            "delivery_failures",
            "Attempts of this process that failed, by the host that was asked",
            self.failures.clone(),
        );
        shown.register(
            "delivery_duration_seconds",
            "How long attempts of this process took",
            self.took.clone(),
        );
        shown.register(
            "hooks_switched_off",
            "Hooks that this process switched off since nothing arrived for days",
            self.switched_off.clone(),
        );
    }

    /// Counts an attempt; `took_ms` in milliseconds.
    pub(super) fn count(&self, hook_type: &str, tried: &Tried, took_ms: i64) {
        let outcome = match tried.outcome {
            Outcome::Done => "delivered",
            Outcome::Again | Outcome::Failed => "failed",
            Outcome::Never => "canceled",
        };
        let kind = Kind {
            hook_type: hook_type.to_owned(),
            outcome,
        };
        self.attempts.get_or_create(&kind).inc();
        if outcome == "canceled" {
            return;
        }
        self.took.observe(took_ms as f64 / 1000.0);
        if outcome == "failed" {
            let host = self.known(host_of(tried.destination.as_deref()));
            self.failures.get_or_create(&Destination { host }).inc();
        }
    }

    fn known(&self, host: String) -> String {
        let mut hosts = self.hosts.lock();
        if hosts.contains(&host) {
            return host;
        }
        if hosts.len() >= HOSTS {
            return OTHERS.to_owned();
        }
        hosts.insert(host.clone());
        host
    }
}

/// The host of an address on the web or of mail.
fn host_of(destination: Option<&str>) -> String {
    let text = destination.unwrap_or_default();
    let of_web = Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned));
    let of_mail = || text.rsplit_once('@').map(|(_, host)| host.to_ascii_lowercase());
    of_web.or_else(of_mail).unwrap_or_else(|| OTHERS.to_owned())
}

/// Measures the queue until the process is told to stop.
pub(crate) async fn measure(state: Arc<State>) {
    loop {
        match state.store.measure_queue().await {
            Ok((waiting, oldest)) => {
                let now = state.clock.now_ms();
                let made = oldest.as_deref().and_then(made_at).unwrap_or(now);
                state.metrics.waiting.set(waiting);
                state.metrics.oldest.set(now.saturating_sub(made).max(0) / 1000);
            }
            Err(error) => tracing::warn!(%error, "the queue of deliveries could not be measured"),
        }
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// The millisecond that an id embeds.
fn made_at(id: &str) -> Option<i64> {
    let (_, digits) = id.split_once('_')?;
    i64::try_from(base62::decode(digits)? >> 80).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, NotificationId};

    fn tried(outcome: Outcome, to: &str) -> Tried {
        Tried {
            outcome,
            status: None,
            destination: Some(to.to_owned()),
            result: String::new(),
        }
    }

    #[test]
    fn failures_are_counted_by_host_and_hosts_are_bounded() {
        let shown = gantry_telemetry::Metrics::new();
        let metrics = Metrics::new(Some(&shown));
        for n in 0..HOSTS + 5 {
            let to = format!("https://u:***@h{n}.example/x");
            metrics.count("webhook", &tried(Outcome::Again, &to), 20);
        }
        metrics.count("webhook", &tried(Outcome::Again, "https://h1.example"), 20);
        metrics.count("email", &tried(Outcome::Failed, "ana@Mail.example"), 20);
        metrics.count("email", &tried(Outcome::Never, "ana@mail.example"), 20);
        metrics.count("email", &tried(Outcome::Done, "ana@mail.example"), 7_000);
        let text = shown.text();
        for line in [
            "gantry_delivery_failures_total{host=\"h1.example\"} 2",
            "gantry_delivery_failures_total{host=\"others\"} 6",
            "gantry_delivery_attempts_total{hook_type=\"email\",outcome=\"canceled\"} 1",
            "gantry_delivery_attempts_total{hook_type=\"email\",outcome=\"delivered\"} 1",
            "gantry_delivery_duration_seconds_bucket{le=\"5.0\"} 207",
            "gantry_delivery_duration_seconds_bucket{le=\"10.0\"} 208",
            "gantry_deliveries_waiting 0",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("***"), "{text}");
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let id = NotificationId::from_bits((1_700_000_000_000 << 80) + 5);
        assert_eq!(made_at(id.as_str()), Some(1_700_000_000_000));
        assert_eq!(made_at("none"), None);
    }
}
