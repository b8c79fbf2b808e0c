//! X-Request-ID: on every answer of any kind, in the log, on the events, and never one that a stranger chose.

use std::collections::HashSet;

use gantry_kernel::{Id, RequestId};
use reqwest::header::{ACCEPT, ALLOW, CONTENT_TYPE, EXPECT, HOST, ORIGIN};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::common::{App, Grpc, Logs, ROOT_KEY, Raw, Reply};

/// One request for each kind of answer that the gateway gives, with the status it must have.
fn every_kind(app: &App, host: &str) -> Vec<(&'static str, u16, RequestBuilder)> {
    let at = |method: Method, path: &str| app.anyone(method, path).header(HOST, host);
    let login = || at(Method::POST, "/v2/login");
    let typed = |kind: &str| login().header(CONTENT_TYPE, kind);
    let realm = json!({"realm": {"name": "Another"}});
    vec![
        ("success", 200, app.root(Method::GET, "/v2/realms")),
        ("created", 201, app.root(Method::POST, "/v2/realms").json(&realm)),
        ("head", 200, app.root(Method::HEAD, "/v2/realms")),
        ("no JSON", 400, typed("application/json").body("{")),
        ("broken escape", 400, app.root(Method::GET, "/v2/users?email=%zz")),
        ("broken path", 400, app.root(Method::GET, "/v2/users/%ff")),
        ("no key", 403, app.anyone(Method::GET, "/v2/realms")),
        ("wrong key", 403, app.with_key("ks_wrong", Method::GET, "/v2/realms")),
        ("no session", 403, at(Method::GET, "/v2/session")),
        ("no path", 404, app.root(Method::GET, "/v2/nothing")),
        ("root", 404, app.anyone(Method::GET, "/")),
        ("no thing", 404, app.root(Method::GET, "/v2/realms/rl_1")),
        ("no host", 404, app.anyone(Method::POST, "/v2/login").json(&json!({}))),
        ("wrong verb", 405, app.root(Method::PUT, "/v2/realms")),
        (
            "unknown verb",
            405,
            at(Method::from_bytes(b"BREW").unwrap(), "/v2/login"),
        ),
        (
            "not for you",
            406,
            app.root(Method::GET, "/v2/realms").header(ACCEPT, "text/html"),
        ),
        ("too large", 413, typed("application/json").body("x".repeat(70_000))),
        (
            "too long",
            414,
            app.root(Method::GET, &format!("/v2/users?email={}", "x".repeat(9_000))),
        ),
        ("wrong type", 415, typed("text/xml").body("<a/>")),
        (
            "expectation",
            417,
            app.root(Method::GET, "/v2/realms").header(EXPECT, "tea"),
        ),
        ("violation", 422, login().json(&json!({}))),
        (
            "long headers",
            431,
            app.root(Method::GET, "/v2/realms").header("x-long", "x".repeat(17_000)),
        ),
        (
            "preflight",
            204,
            at(Method::OPTIONS, "/v2/login")
                .header(ORIGIN, "https://app.example.com")
                .header("access-control-request-method", "POST"),
        ),
        ("plain options", 405, at(Method::OPTIONS, "/v2/login")),
        ("alive", 200, app.anyone(Method::GET, "/health/live")),
        ("ready", 200, app.anyone(Method::GET, "/health/ready")),
        ("health verb", 405, app.anyone(Method::POST, "/health/live")),
        ("keys", 200, at(Method::GET, "/connect/jwks")),
    ]
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own_and_one_line_in_the_log() {
    let logs = Logs::catch();
    let app = App::start().await;
    let realm = app.realm().await;
    let mut seen = HashSet::new();
    for (name, status, request) in every_kind(&app, &realm.host) {
        let reply = app.send(request).await;
        assert_eq!(reply.status, status, "{name}: {reply:?}");
        assert!(seen.insert(reply.request_id().to_owned()), "{name}");
        if status == 405 {
            assert!(reply.headers.contains_key(ALLOW), "{name}: {reply:?}");
            assert!(reply.json()["errors"].is_array(), "{name}: {reply:?}");
        }
        let lines = logs.of(reply.request_id());
        let ends = lines.iter().filter(|line| line["target"] == "gantry::request");
        let ends: Vec<_> = ends.map(|line| line["http.response.status_code"].as_u64()).collect();
        assert_eq!(ends, [Some(u64::from(status))], "{name}: {lines:?}");
    }
}

#[tokio::test]
async fn what_is_too_frequent_has_an_id() {
    let app = App::start_with(|config| {
        config.limits.insert(
            "login".to_owned(),
            gantry_config::LimitOverride {
                max: Some(0),
                ..Default::default()
            },
        );
    })
    .await;
    let realm = app.realm().await;
    assert_eq!(realm.post("/v2/login", json!({})).await.status, 429);
}

#[tokio::test]
async fn what_never_becomes_a_request_has_an_id_and_a_line() {
    let logs = Logs::catch();
    let app = App::start().await;
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(200));
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(66_000));
    for (bytes, status) in [
        ("NONSENSE\r\n\r\n", 400),
        ("GET /v2/realms HTTP/1.1\r\nbad header\r\n\r\n", 400),
        ("GET /v2/realms HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n", 400),
        (many.as_str(), 431),
        (long.as_str(), 431),
    ] {
        let mut raw = Raw::connect(app.running.http.unwrap()).await;
        let reply = raw.ask(bytes).await;
        assert_eq!(reply.status, status, "{bytes:.60}: {reply:?}");
        assert_eq!(logs.of(reply.request_id()).len(), 1, "{bytes:.60}");
        raw.closed().await;
    }
    let fine = app.get("/v2/realms").await;
    fine.expect(200);
}

#[tokio::test]
async fn the_id_is_on_every_line_and_event_of_its_request() {
    let logs = Logs::catch();
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    // The first login makes the user's first org too: its last event is waited for.
    for (password, event_type, events) in [
        (crate::common::PASSWORD, "user.login.succeeded", 3),
        ("wrong", "user.login.failed", 1),
    ] {
        let before = logs.lines().len();
        let body = json!({"email": "ana@example.com", "password": password});
        let reply = realm.post("/v2/login", body).await;
        let id = reply.request_id();
        let event = app.events(&realm.id, id, events).await.remove(0);
        assert_eq!(
            (&event["request_id"], &event["event_type"]),
            (&json!(id), &json!(event_type))
        );
        // The event was waited for with requests of the test's own; what else was written belongs to the login.
        let mut mine = logs.lines();
        mine.drain(..before);
        mine.retain(|line| line["http.route"] != "/v2/events");
        assert!(!mine.is_empty());
        for line in &mine {
            assert_eq!(line["request_id"], id, "{line}");
            let trace: RequestId = id.parse().unwrap();
            assert_eq!(line["trace_id"], format!("{:032x}", trace.trace_id()), "{line}");
        }
        let end = mine.iter().find(|line| line["target"] == "gantry::request").unwrap();
        assert_eq!(
            (&end["http.route"], &end["gantry.realm.id"]),
            (&json!("/v2/login"), &json!(realm.id))
        );
    }
}

const STRANGE: &str = "rq_0vdbINw16QhITBp4iBhgX4";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async fn with_ids(app: &App) -> Reply {
    let request = app
        .root(Method::POST, "/v2/realms")
        .json(&json!({"realm": {"name": "Another"}}));
    app.send(request.header("X-Request-ID", STRANGE).header("traceparent", PARENT))
        .await
}

#[tokio::test]
async fn a_stranger_chooses_no_id() {
    let app = App::start().await;
    let ids = [with_ids(&app).await, with_ids(&app).await].map(|reply| reply.request_id().to_owned());
    let trace = RequestId::from_bits(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id != STRANGE && id != trace.as_str()), "{ids:?}");

    let metadata = [
        ("authrocket-api-key", ROOT_KEY),
        ("x-request-id", STRANGE),
        ("traceparent", PARENT),
    ];
    let grpc = Grpc::to(&app, &metadata);
    let mut auth = gantry_proto::auth::v2::auth_client::AuthClient::new(grpc.channel.clone());
    let message = gantry_proto::auth::v2::ListRealmsRequest::default();
    let answer = auth.list_realms(grpc.request(message)).await.unwrap();
    let id = answer.metadata().get("x-request-id").unwrap().to_str().unwrap();
    assert!(
        id.parse::<RequestId>().is_ok() && id != STRANGE && id != trace.as_str(),
        "{id}"
    );
}

#[tokio::test]
async fn a_trusted_caller_continues_its_trace() {
    let app = App::start_with(|config| config.otel.trusted_callers = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let trace = RequestId::from_bits(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
    let reply = with_ids(&app).await;
    assert_eq!(reply.request_id(), trace.as_str());
}
