//! What the whole program writes to its log while a test runs.

use gantry_testkit::logs::LogBuffer;
use serde_json::Value;

/// Log lines as JSON, caught from now on in every thread. Nextest runs each test in a process of its own, so there is one listener.
pub(crate) struct Logs {
    buffer: LogBuffer,
    guard: gantry_telemetry::Guard,
}

impl Logs {
    pub(crate) fn catch() -> Self {
        Self::catch_with(|_| {})
    }

    /// The same with settings: a filter, a collector for spans.
    pub(crate) fn catch_with(change: impl FnOnce(&mut gantry_telemetry::Config)) -> Self {
        let buffer = LogBuffer::default();
        let writer = buffer.clone();
        let mut config = gantry_telemetry::Config {
            log_format: gantry_telemetry::LogFormat::Json,
            ..gantry_telemetry::Config::default()
        };
        change(&mut config);
        let (dispatch, guard) = gantry_telemetry::subscriber_to(&config, move || writer.clone()).unwrap();
        tracing::dispatcher::set_global_default(dispatch).expect("run the tests with nextest: one process a test");
        Self { buffer, guard }
    }

    pub(crate) fn text(&self) -> String {
        self.buffer.text()
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        let json = |line: String| serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.buffer.lines().into_iter().map(json).collect()
    }

    /// The lines that a request caused.
    pub(crate) fn of(&self, request_id: &str) -> Vec<Value> {
        let mut lines = self.lines();
        lines.retain(|line| line["request_id"] == request_id);
        lines
    }

    /// Sends the last spans to the collector.
    pub(crate) async fn flush(self) -> LogBuffer {
        self.guard.shutdown().await;
        self.buffer
    }
}
