//! Numbers for Prometheus: each part of a process registers its own, and the operator's port shows all.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::{Metric, Registry};

/// The numbers of one process; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Mutex<Registry>>);

impl Metrics {
    /// None yet.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Registry::with_prefix("gantry"))))
    }

    /// Adds a number under a name, with a sentence that tells what it is. `gantry_` is put before the name, `_total` behind a counter's.
    pub fn register(&self, name: &str, help: &str, metric: impl Metric) {
        self.0.lock().register(name, help, metric);
    }

    /// All of them as OpenMetrics text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _written = encode(&mut text, &self.0.lock());
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::metrics::counter::Counter;

    #[test]
    fn what_is_registered_is_shown() {
        let metrics = Metrics::new();
        let eggs: Counter = Counter::default();
        metrics.clone().register("eggs", "How many were laid", eggs.clone());
        eggs.inc_by(3);
        let text = metrics.text();
        assert!(text.contains("# HELP gantry_eggs How many were laid.\n"), "{text}");
        assert!(
            text.contains("gantry_eggs_total 3\n") && text.ends_with("# EOF\n"),
            "{text}"
        );
    }
}
