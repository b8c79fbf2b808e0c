//! What reaches a collector: one trace a request, whose id is the request's id, and no secrets.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

use gantry_kernel::{Id, RequestId};
use gantry_telemetry::{
    CallLine, Config, RequestLine, SHUTDOWN_LIMIT, db_span, inbound_trace_id, inject, log_call, log_request,
    request_id, request_span, rpc_client_span, rpc_request_span, rpc_server_span, spawn, subscriber_to,
};
use gantry_testkit::logs::LogBuffer;
use gantry_testkit::otlp::{OtlpCollector, ReceivedSpan, SpanKind};
use http::HeaderMap;
use std::time::{Duration, Instant};
use tracing::{Dispatch, Instrument, Span};

const TRACE: u128 = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c;
const REMOTE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const REMOTE_TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
const REMOTE_SPAN: u64 = 0x00f0_67aa_0ba9_02b7;
const RPC: &str = "/gantry.auth.v2.AuthService/Login";

fn config(collector: Option<&OtlpCollector>) -> Config {
    Config {
        otlp_endpoint: collector.map(OtlpCollector::endpoint),
        ..Config::default()
    }
}

fn remote_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("traceparent", REMOTE.parse().unwrap());
    headers
}

/// A request as gateway and service see it: spans, headers, one database call, one line each.
async fn login(id: &RequestId, inbound: Option<&HeaderMap>, trusted: bool) {
    let request = request_span(id, "POST", "/v2/login", inbound, trusted);
    let line = RequestLine {
        status: 200,
        duration: Duration::from_millis(12),
        reason: None,
        realm_id: Some("rl_0000000000000000000001"),
        user_id: None,
        key_id: None,
    };
    call(id).instrument(request.clone()).await;
    log_request(&request, &line);
}

async fn call(id: &RequestId) {
    let client = rpc_client_span(RPC);
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", "rq_forged".parse().unwrap());
    inject(&client, &mut headers);
    assert_eq!(request_id(&headers).as_ref(), Some(id));
    assert_eq!(inbound_trace_id(&headers), Some(id.trace_id()));
    async {
        let server = rpc_server_span(RPC, &headers);
        async {
            spawn(async {}.instrument(db_span("sqlite", "find_user")))
                .await
                .unwrap()
        }
        .instrument(server.clone())
        .await;
        let line = CallLine {
            rpc_path: RPC,
            code: "OK",
            ours: false,
            duration: Duration::from_millis(5),
            reason: None,
        };
        log_call(&server, &line, true);
    }
    .instrument(client)
    .await;
}

/// Runs with a collector, flushes, and gives what it received.
async fn traced<F: Future<Output = ()>>(ratio: f64, work: impl FnOnce() -> F) -> Vec<ReceivedSpan> {
    let collector = OtlpCollector::start().await.unwrap();
    let config = Config {
        sample_ratio: ratio,
        ..config(Some(&collector))
    };
    let (dispatch, guard) = subscriber_to(&config, std::io::sink).unwrap();
    within(&dispatch, work).await;
    guard.shutdown().await;
    collector.spans()
}

async fn within<F: Future<Output = ()>>(dispatch: &Dispatch, work: impl FnOnce() -> F) {
    let _installed = tracing::dispatcher::set_default(dispatch);
    work().await;
}

fn find<'a>(spans: &'a [ReceivedSpan], kind: SpanKind, name: &str) -> &'a ReceivedSpan {
    let mut found = spans.iter().filter(|span| span.kind == kind && span.name == name);
    let span = found
        .next()
        .unwrap_or_else(|| panic!("no {kind:?} span {name} in {spans:#?}"));
    assert!(found.next().is_none(), "{name} came twice");
    span
}

#[tokio::test]
async fn a_request_is_one_trace_whose_id_is_the_request_id() {
    let id = RequestId::from_bits(TRACE);
    let spans = traced(1.0, || login(&id, None, false)).await;

    let gateway = find(&spans, SpanKind::Server, "POST /v2/login");
    let client = find(&spans, SpanKind::Client, "gantry.auth.v2.AuthService/Login");
    let server = find(&spans, SpanKind::Server, "gantry.auth.v2.AuthService/Login");
    let db = find(&spans, SpanKind::Client, "find_user");
    assert_eq!(spans.len(), 4);
    assert!(
        spans
            .iter()
            .all(|span| span.trace_id == TRACE && span.service == "gantry" && span.links.is_empty())
    );
    assert_eq!(
        (gateway.parent, client.parent, server.parent, db.parent),
        (0, gateway.span_id, client.span_id, server.span_id)
    );

    let attribute = |span: &ReceivedSpan, name: &str| span.attributes.get(name).cloned().unwrap_or_default();
    assert_eq!(attribute(gateway, "http.request.method"), "POST");
    assert_eq!(attribute(gateway, "http.route"), "/v2/login");
    assert_eq!(attribute(gateway, "http.response.status_code"), "200");
    assert_eq!(attribute(gateway, "request_id"), id.as_str());
    assert_eq!(attribute(server, "request_id"), id.as_str());
    assert_eq!(attribute(server, "rpc.response.status_code"), "OK");
    assert_eq!(attribute(db, "db.system.name"), "sqlite");
    assert_eq!(attribute(db, "db.operation.name"), "find_user");
}

#[tokio::test]
async fn an_outsiders_traceparent_is_linked_and_no_more() {
    let id = RequestId::from_bits(TRACE);
    let headers = remote_headers();
    let spans = traced(1.0, || login(&id, Some(&headers), false)).await;
    let gateway = find(&spans, SpanKind::Server, "POST /v2/login");
    assert_eq!((gateway.trace_id, gateway.parent), (TRACE, 0));
    assert_eq!(gateway.links, [(REMOTE_TRACE, REMOTE_SPAN)]);
}

#[tokio::test]
async fn an_outsiders_sampled_flag_forces_no_trace() {
    let id = RequestId::from_bits(TRACE);
    let headers = remote_headers();
    assert_eq!(traced(0.0, || login(&id, Some(&headers), false)).await, []);
}

#[tokio::test]
async fn a_trusted_callers_trace_goes_on() {
    let headers = remote_headers();
    let id = RequestId::from_bits(inbound_trace_id(&headers).unwrap());
    let spans = traced(0.0, || login(&id, Some(&headers), true)).await;
    let gateway = find(&spans, SpanKind::Server, "POST /v2/login");
    assert_eq!((gateway.trace_id, gateway.parent), (REMOTE_TRACE, REMOTE_SPAN));
    assert_eq!(gateway.links, []);
    assert_eq!(spans.len(), 4, "the caller's decision to sample holds");
}

#[tokio::test]
async fn a_trusted_caller_cannot_part_request_id_and_trace() {
    let id = RequestId::from_bits(TRACE);
    let headers = remote_headers();
    let spans = traced(1.0, || login(&id, Some(&headers), true)).await;
    let gateway = find(&spans, SpanKind::Server, "POST /v2/login");
    assert_eq!((gateway.trace_id, gateway.parent, gateway.links.len()), (TRACE, 0, 1));
}

#[tokio::test]
async fn a_call_from_outside_gets_an_id_of_ours() {
    let id = RequestId::from_bits(TRACE);
    let mut headers = remote_headers();
    headers.insert("x-request-id", "rq_0000000000000000000001".parse().unwrap());
    let spans = traced(1.0, || async {
        drop(rpc_request_span(&id, RPC, Some(&headers), false))
    })
    .await;
    let call = find(&spans, SpanKind::Server, "gantry.auth.v2.AuthService/Login");
    assert_eq!((call.trace_id, call.parent), (TRACE, 0));
    assert_eq!(call.links, [(REMOTE_TRACE, REMOTE_SPAN)]);
    assert_eq!(call.attributes["request_id"], id.as_str());
}

#[tokio::test]
async fn background_work_has_a_trace_and_a_request_id_of_its_own() {
    let spans = traced(1.0, || async {
        let client = rpc_client_span("/gantry.event.v2.EventService/Take");
        let mut headers = HeaderMap::new();
        inject(&client, &mut headers);
        assert_eq!(request_id(&headers).map(|id| id.trace_id()), inbound_trace_id(&headers));
        drop(rpc_server_span("/gantry.event.v2.EventService/Take", &headers));
    })
    .await;
    assert_eq!(spans.len(), 2);
    assert_ne!(spans[0].trace_id, 0);
    assert_eq!(spans[0].trace_id, spans[1].trace_id);
}

#[tokio::test]
async fn without_opentelemetry_services_know_the_request_all_the_same() {
    let id = RequestId::from_bits(TRACE);
    let buffer = LogBuffer::default();
    let writer = buffer.clone();
    let (dispatch, guard) = subscriber_to(&config(None), move || writer.clone()).unwrap();
    within(&dispatch, || login(&id, None, false)).await;
    guard.shutdown().await;
    // The injected parent is valid and says "not sampled".
    let _installed = tracing::dispatcher::set_default(&dispatch);
    let mut headers = HeaderMap::new();
    inject(&request_span(&id, "GET", "/v2/session", None, false), &mut headers);
    assert_eq!(
        headers["traceparent"],
        "00-0af7651916cd43dd8448eb211c80319c-8448eb211c80319c-00"
    );
    assert_eq!(headers["x-request-id"], id.as_str());
    assert_eq!(buffer.lines().len(), 1, "{}", buffer.text());
}

#[tokio::test]
async fn outside_any_request_nothing_is_injected_and_nothing_passes() {
    let (dispatch, _guard) = subscriber_to(&config(None), std::io::sink).unwrap();
    let _installed = tracing::dispatcher::set_default(&dispatch);
    let mut headers = remote_headers();
    headers.insert("x-request-id", "rq_0000000000000000000001".parse().unwrap());
    inject(&Span::none(), &mut headers);
    assert!(headers.is_empty());
}

#[tokio::test]
async fn t_33_no_canary_reaches_the_collector() {
    #[derive(Debug, thiserror::Error)]
    #[error("query failed: password=CANARY-in-error")]
    struct Failed;

    let id = RequestId::from_bits(TRACE);
    let spans = traced(1.0, || async {
        let span = request_span(&id, "GET", "/v2/sessions/eyJhbGciOiCANARY", None, false);
        span.in_scope(|| {
            let inner = tracing::info_span!(target: "gantry", "inner", token = "CANARY-in-token", note = "tpw:CANARY");
            inner.in_scope(
                || tracing::error!(target: "gantry", error = &Failed as &dyn std::error::Error, "Bearer CANARY"),
            );
        });
    })
    .await;
    assert_eq!(spans.len(), 2);
    assert!(spans.iter().any(|span| !span.events.is_empty()));
    assert!(!format!("{spans:?}").contains("CANARY"), "{spans:#?}");
}

#[tokio::test]
async fn a_failure_of_ours_marks_the_span() {
    let id = RequestId::from_bits(TRACE);
    let spans = traced(1.0, || async {
        let span = request_span(&id, "GET", "/v2/session", None, false);
        let duration = Duration::from_millis(1);
        let line = RequestLine {
            status: 500,
            duration,
            reason: Some("internal"),
            realm_id: None,
            user_id: None,
            key_id: None,
        };
        log_request(&span, &line);
    })
    .await;
    assert!(spans[0].failed);
    assert_eq!(spans[0].attributes["error.type"], "internal");
}

#[tokio::test]
async fn names_that_callers_invent_do_not_become_names_of_spans() {
    let id = RequestId::from_bits(TRACE);
    let spans = traced(1.0, || async {
        drop(request_span(&id, "BREW\u{7}", "/v2/session", None, false));
        drop(rpc_client_span("/a/b/c"));
        drop(rpc_client_span(&format!("/{}/b", "a".repeat(500))));
    })
    .await;
    let mut names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["_OTHER", "_OTHER", "_OTHER /v2/session"]);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test is about real time: shutdown must end within its limit"
)]
async fn a_collector_that_is_away_holds_nobody_up() {
    // Bound and never accepted from: connections hang, which is worse than being refused.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    for addr in [silent.local_addr().unwrap(), refused] {
        let config = Config {
            otlp_endpoint: Some(format!("http://{addr}")),
            ..Config::default()
        };
        let (dispatch, guard) = subscriber_to(&config, std::io::sink).unwrap();
        let id = RequestId::from_bits(TRACE);
        within(&dispatch, || login(&id, None, false)).await;
        let started = Instant::now();
        guard.shutdown().await;
        assert!(
            started.elapsed() < SHUTDOWN_LIMIT + Duration::from_secs(1),
            "took {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn an_endpoint_without_a_runtime_is_an_error_not_a_panic() {
    let config = Config {
        otlp_endpoint: Some("http://127.0.0.1:4317".to_owned()),
        ..Config::default()
    };
    let error = subscriber_to(&config, std::io::sink).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("tokio runtime"), "{error}");
}

#[tokio::test]
async fn endpoints_and_filters_that_cannot_be_are_errors() {
    for endpoint in ["not a url", "https://127.0.0.1:4317"] {
        let config = Config {
            otlp_endpoint: Some(endpoint.to_owned()),
            ..Config::default()
        };
        let error = subscriber_to(&config, std::io::sink).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("otel.endpoint"), "{error}");
    }
    let config = Config {
        log_filter: "gantry=loud".to_owned(),
        ..Config::default()
    };
    let error = subscriber_to(&config, std::io::sink).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("log.filter"), "{error}");
}
