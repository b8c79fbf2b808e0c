//! What log lines look like, that each names its request, and that no secret is in them.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use std::time::Duration;

use gantry_kernel::{Id, RequestId};
use gantry_telemetry::{Config, LogFormat, RequestLine, db_span, log_request, request_span, spawn, subscriber_to};
use gantry_testkit::logs::LogBuffer;
use tracing::Instrument;

fn id() -> RequestId {
    RequestId::from_bits(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c)
}

fn logged(format: LogFormat, filter: &str, work: impl FnOnce()) -> Vec<String> {
    let buffer = LogBuffer::default();
    let writer = buffer.clone();
    let config = Config {
        log_format: format,
        log_filter: filter.to_owned(),
        ..Config::default()
    };
    let (dispatch, _guard) = subscriber_to(&config, move || writer.clone()).unwrap();
    tracing::dispatcher::with_default(&dispatch, work);
    buffer.lines()
}

fn request() {
    let span = request_span(&id(), "POST", "/v2/login", None, false);
    let line = RequestLine {
        status: 422,
        duration: Duration::from_millis(250),
        reason: Some("login_failed"),
        realm_id: Some("rl_0000000000000000000001"),
        user_id: None,
        key_id: None,
    };
    log_request(&span, &line);
}

/// The line without its time, which the machine's clock makes.
fn timeless(line: &str) -> &str {
    line.split_once("Z ").unwrap().1
}

#[test]
fn a_request_is_one_line_of_text() {
    let lines = logged(LogFormat::Text, "info", request);
    assert_eq!(lines.len(), 1);
    assert_eq!(
        timeless(&lines[0]),
        " INFO gantry::request: request http.server.request.duration=0.25 gantry.realm.id=rl_0000000000000000000001 \
         http.request.method=POST http.route=/v2/login http.response.status_code=422 error.type=login_failed \
         request_id=rq_0KoX8UBcQ3KMHVfzLhLqJM"
            .replace("rq_0KoX8UBcQ3KMHVfzLhLqJM", id().as_str())
    );
}

#[test]
fn a_request_is_one_flat_object_of_json() {
    let lines = logged(LogFormat::Json, "info", request);
    assert_eq!(lines.len(), 1);
    let mut line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    let time = line["timestamp"].take();
    assert!(time.as_str().unwrap().ends_with('Z'));
    assert_eq!(
        line,
        serde_json::json!({
            "timestamp": null, "level": "INFO", "target": "gantry::request", "message": "request",
            "request_id": id().as_str(), "trace_id": "0af7651916cd43dd8448eb211c80319c",
            "http.server.request.duration": 0.25, "gantry.realm.id": "rl_0000000000000000000001",
            "http.request.method": "POST", "http.route": "/v2/login", "http.response.status_code": 422,
            "error.type": "login_failed",
        })
    );
}

#[test]
fn every_line_of_a_request_names_it_whatever_the_filter() {
    for filter in ["info", "warn", "off,gantry_auth=warn"] {
        let lines = logged(LogFormat::Json, filter, || {
            let span = request_span(&id(), "GET", "/v2/session", None, false);
            span.in_scope(|| {
                tracing::warn!(target: "gantry_auth", "direct");
                db_span("sqlite", "find").in_scope(|| tracing::warn!(target: "gantry_auth", "nested"));
                tracing::info_span!("other").in_scope(|| tracing::warn!(target: "gantry_auth", "in another span"));
            });
            tracing::warn!(target: "gantry_auth", "outside");
        });
        let ids: Vec<bool> = lines
            .iter()
            .map(|line| line.contains(&format!("\"request_id\":\"{}\"", id())))
            .collect();
        assert_eq!(ids, [true, true, true, false], "{filter}: {lines:#?}");
    }
}

#[tokio::test]
async fn spawned_work_names_its_request() {
    let buffer = LogBuffer::default();
    let writer = buffer.clone();
    let (dispatch, _guard) = subscriber_to(&Config::default(), move || writer.clone()).unwrap();
    let _installed = tracing::dispatcher::set_default(&dispatch);
    let span = request_span(&id(), "GET", "/v2/session", None, false);
    async { spawn(async { tracing::info!("later") }).await.unwrap() }
        .instrument(span)
        .await;
    assert!(buffer.text().contains(id().as_str()), "{}", buffer.text());
}

#[test]
fn the_filter_decides_about_lines() {
    let work = || {
        tracing::info!(target: "gantry_auth", "yes");
        tracing::debug!(target: "gantry_auth", "no");
        tracing::info!(target: "hyper", "no");
    };
    let lines = logged(LogFormat::Text, "warn,gantry_auth=info", work);
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[test]
fn t_33_no_canary_reaches_a_line() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "read by Debug alone, which is the point")]
    struct Login {
        username: &'static str,
        password: &'static str,
    }
    #[derive(Debug, thiserror::Error)]
    #[error("cannot connect to postgres://gantry:CANARY@db/gantry")]
    struct Down;
    #[derive(Debug, thiserror::Error)]
    #[error("cannot read")]
    struct Failed(#[source] Down);

    for format in [LogFormat::Text, LogFormat::Json] {
        let lines = logged(format, "trace", || {
            let span = tracing::info_span!("login", authorization = "Basic CANARY", session = tracing::field::Empty);
            span.record("session", "CANARY");
            let _entered = span.enter();
            tracing::info!(password = "CANARY", token = ?Some("CANARY"), session = %"CANARY", otp = 123456, "fields");
            tracing::info!(body = ?Login { username: "ana", password: "CANARY" }, "printed struct");
            tracing::info!(note = "key ks_0vdbINw16QhITBp4iBhgX4-CANARY0011", "shapes");
            tracing::info!("jsk_CANARY tpw:CANARY tmf:CANARY eyJhbGciOiCANARY kss_0123456789abcdefghijklCANARY");
            tracing::info!(
                header = "Bearer CANARY",
                json = r#"{"api_key":"CANARY"}"#,
                "more shapes"
            );
            tracing::error!(error = &Failed(Down) as &dyn std::error::Error, "chain");
        });
        let text = lines.join("\n");
        assert_eq!(lines.len(), 6, "{text}");
        assert!(!text.contains("CANARY") && !text.contains("123456"), "{text}");
        // Masked, not lost: what helps to find the fault is there.
        for kept in [
            "ana",
            "ks_0vdbINw16QhITBp4iBhgX4-***",
            "cannot read: cannot connect to postgres://***@db/gantry",
        ] {
            assert!(text.contains(kept), "{kept} is not in {text}");
        }
    }
}

#[test]
fn nobody_forges_a_line_or_drives_a_terminal() {
    let evil = "a\nb\r\u{1b}[31mc\u{202e}d";
    let text = logged(LogFormat::Text, "info", || tracing::info!(field = evil, "{evil}"));
    assert_eq!(text.len(), 1, "{text:?}");
    assert!(!text[0].contains(['\r', '\u{1b}', '\u{202e}']), "{text:?}");
    let json = logged(LogFormat::Json, "info", || tracing::info!(field = evil, "{evil}"));
    assert_eq!(json.len(), 1, "{json:?}");
    let line: serde_json::Value = serde_json::from_str(&json[0]).unwrap();
    assert_eq!(line["field"], evil);
}

#[test]
fn a_line_does_not_grow_with_what_a_client_sent() {
    let huge = "ü".repeat(1_000_000);
    let lines = logged(LogFormat::Text, "info", || tracing::info!(huge, "huge"));
    assert!(lines[0].len() < 10_000);
}
