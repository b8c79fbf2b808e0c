//! Telemetry for a whole process: alone in its file, since a process has one.

use gantry_kernel::{Id, RequestId};
use gantry_telemetry::{Config, TelemetryError, db_span, init, request_span, spawn_blocking};
use gantry_testkit::otlp::OtlpCollector;

#[tokio::test]
async fn init_traces_every_thread_of_a_process_once() {
    let collector = OtlpCollector::start().await.unwrap();
    let config = Config {
        otlp_endpoint: Some(collector.endpoint()),
        ..Config::default()
    };
    let guard = init(&config).unwrap();
    assert!(matches!(init(&config), Err(TelemetryError::Twice(_))));

    let request = request_span(&RequestId::from_bits(7), "GET", "/v2/session", None, false);
    let work = request.in_scope(|| spawn_blocking(|| drop(db_span("postgresql", "get_session"))));
    work.await.unwrap();
    drop(request);
    guard.shutdown().await;

    let spans = collector.spans();
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    assert_eq!(named("get_session").parent, named("GET /v2/session").span_id);
    assert!(spans.iter().all(|span| span.trace_id == 7));
}
