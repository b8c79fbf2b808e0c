//! How much waits in an outbox, and for how long: what whoever runs an installation looks at when events come late.

use std::sync::Arc;
use std::time::Duration;

use gantry_db::StoreError;
use gantry_kernel::Clock;
use gantry_telemetry::Metrics;
use prometheus_client::metrics::gauge::Gauge;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How often it is measured.
const LOOK: Duration = Duration::from_secs(10);
/// Rows that are looked at: an outbox with so many is in trouble however many there are.
const MOST: i64 = 10_000;

/// The depth of one outbox, which every process that serves it shows alike.
#[derive(Debug, Clone, Default)]
struct Depth {
    waiting: Gauge,
    oldest: Gauge,
}

impl Depth {
    fn new(service: &str, shown: &Metrics) -> Self {
        let own = Self::default();
        let name = |what: &str| format!("{service}_outbox_{what}");
        shown.register(
            &name("waiting"),
            "Events that the service has made and Event has not stored, of all processes, ten thousand at the most",
            own.waiting.clone(),
        );
        shown.register(&name("oldest_seconds"), "Age of the oldest of them", own.oldest.clone());
        own
    }

    /// Takes the times of what waits, in milliseconds, oldest first.
    fn set(&self, made: &[i64], now: i64) {
        self.waiting.set(i64::try_from(made.len()).unwrap_or(MOST));
        let oldest = made.first().map_or(0, |at| now.saturating_sub(*at));
        self.oldest.set(oldest.max(0) / 1000);
    }
}

/// Measures an outbox from time to time until it is told to stop, and shows it as `gantry_<service>_outbox_…`. `waiting` lists when
/// events were made that wait, in milliseconds, oldest first and at most as many as it is told.
pub fn keep_measuring<F, W>(
    service: &str,
    shown: &Metrics,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    waiting: F,
) -> JoinHandle<()>
where
    F: Fn(i64) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<Vec<i64>, StoreError>> + Send + 'static,
{
    let depth = Depth::new(service, shown);
    gantry_telemetry::keep_at("outbox depth", stop.clone(), move || {
        measure(depth.clone(), Arc::clone(&clock), stop.clone(), waiting.clone())
    })
}

async fn measure<F, W>(depth: Depth, clock: Arc<dyn Clock>, stop: CancellationToken, waiting: F)
where
    F: Fn(i64) -> W,
    W: Future<Output = Result<Vec<i64>, StoreError>>,
{
    loop {
        match waiting(MOST).await {
            Ok(made) => depth.set(&made, clock.now_ms()),
            Err(error) => tracing::warn!(%error, "an outbox could not be measured"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_tells_the_age() {
        let shown = Metrics::new();
        let depth = Depth::new("auth", &shown);
        depth.set(&[10_000, 12_000, 12_500], 15_000);
        let text = shown.text();
        assert!(text.contains("gantry_auth_outbox_waiting 3\n"), "{text}");
        assert!(text.contains("gantry_auth_outbox_oldest_seconds 5\n"), "{text}");
        // A clock that went back makes nothing younger than now.
        depth.set(&[20_000], 15_000);
        assert!(shown.text().contains("gantry_auth_outbox_oldest_seconds 0\n"));
        depth.set(&[], 15_000);
        assert!(shown.text().contains("gantry_auth_outbox_waiting 0\n"));
    }
}
