//! Bounds: what is too large, too slow or too much is refused with the right status, and harms nobody else.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use reqwest::Method;
use serde_json::json;

use crate::common::{App, ROOT_KEY, Raw, Reply};

fn head(app: &App, line: &str, more: &str) -> String {
    let addr = app.running.http.unwrap();
    format!(
        "{line} HTTP/1.1\r\nhost: {addr}\r\nauthrocket-api-key: {ROOT_KEY}\r\ncontent-type: application/json\r\n{more}\r\n"
    )
}

/// The next request is served, on a connection of its own and on the client's old ones.
async fn still_well(app: &App) {
    app.get("/v2/realms").await.expect(200);
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    raw.ask(head(app, "GET /v2/realms", "")).await.expect(200);
}

/// Sends a request and sees that the same connection serves the next one.
async fn and_the_next(app: &App, request: &str) -> Reply {
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let reply = raw.ask(request).await;
    raw.ask(head(app, "GET /v2/realms", "")).await.expect(200);
    reply
}

#[tokio::test]
async fn a_body_may_be_so_large_and_no_larger() {
    let app = App::start_with(|config| config.http.max_body_bytes = 1000).await;
    let body = |size: usize| {
        let empty = r#"{"realm":{"name":"R","custom":{"k":""}}}"#.len();
        format!(
            r#"{{"realm":{{"name":"R","custom":{{"k":"{}"}}}}}}"#,
            "x".repeat(size - empty)
        )
    };
    let post = |size: usize| {
        let body = body(size);
        format!(
            "{}{body}",
            head(&app, "POST /v2/realms", &format!("content-length: {size}\r\n"))
        )
    };
    and_the_next(&app, &post(1000)).await.expect(201);
    let before = app.get("/v2/realms").await.text;
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let reply = raw.ask(post(1001)).await;
    assert_eq!(reply.errors(413), ["The request is too large"]);
    assert_eq!(app.get("/v2/realms").await.text, before);
    still_well(&app).await;
}

#[tokio::test]
async fn a_body_in_chunks_is_bounded_too() {
    let app = App::start_with(|config| config.http.max_body_bytes = 1000).await;
    let start = head(&app, "POST /v2/realms", "transfer-encoding: chunked\r\n");
    let chunk = format!("64\r\n{}\r\n", "x".repeat(100));
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    raw.send(&start).await;
    for _ in 0..11 {
        raw.send(&chunk).await;
    }
    // The eleventh chunk is one too many; the end is not waited for.
    assert_eq!(raw.answer().await.unwrap().errors(413), ["The request is too large"]);
    raw.closed().await;
    let fine = format!("{start}{:x}\r\n{}\r\n0\r\n\r\n", 23, r#"{"realm":{"name":"Ri"}}"#);
    and_the_next(&app, &fine).await.expect(201);
    still_well(&app).await;
}

#[tokio::test]
async fn a_client_that_only_writes_reads_its_refusal_in_the_end() {
    let app = App::start().await;
    // Four megabytes: far more than sockets keep, so the server must take some in or the client never looks up.
    let request = app
        .root(Method::POST, "/v2/realms")
        .header("content-type", "application/json");
    let reply = app.send(request.body("x".repeat(4_000_000))).await;
    assert_eq!(reply.errors(413), ["The request is too large"]);
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    raw.send(head(&app, "POST /v2/realms", "content-length: 300000\r\n"))
        .await;
    raw.send("x".repeat(300_000)).await;
    assert_eq!(
        raw.answer().await.expect("the answer is not lost in a reset").status,
        413
    );
    still_well(&app).await;
}

#[tokio::test]
async fn headers_and_addresses_are_bounded() {
    let app = App::start().await;
    let long = |bytes: usize| head(&app, "GET /v2/realms", &format!("x-long: {}\r\n", "x".repeat(bytes)));
    and_the_next(&app, &long(16_000)).await.expect(200);
    let reply = and_the_next(&app, &long(17_000)).await;
    assert_eq!(reply.errors(431), ["The request headers are too large"]);
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    assert_eq!(raw.ask(long(70_000)).await.status, 431);
    let query = |bytes: usize| head(&app, &format!("GET /v2/realms?x={}", "x".repeat(bytes)), "");
    and_the_next(&app, &query(8_000)).await.expect(200);
    let reply = and_the_next(&app, &query(9_000)).await;
    assert_eq!(reply.errors(414), ["The address is too long"]);
    still_well(&app).await;
}

#[tokio::test]
async fn a_configured_bound_is_the_one_in_force() {
    let app = App::start_with(|config| config.http.max_header_bytes = 500).await;
    let reply = app
        .send(app.root(Method::GET, "/v2/realms").header("x-long", "x".repeat(600)))
        .await;
    assert_eq!(reply.status, 431);
    still_well(&app).await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let app = App::start_with(|config| config.http.request_timeout_ms = 300).await;
    let before = app.get("/v2/realms").await.text;
    for (length, part) in [
        ("content-length: 100", r#"{"realm":"#),
        ("transfer-encoding: chunked", "9\r\n{\"realm\":\r\n"),
        ("content-length: 1", ""),
    ] {
        let mut raw = Raw::connect(app.running.http.unwrap()).await;
        raw.send(head(&app, "POST /v2/realms", &format!("{length}\r\n"))).await;
        raw.send(part).await;
        let reply = raw.answer().await.unwrap();
        assert_eq!(reply.errors(408), ["The request took too long to arrive"], "{length}");
        raw.closed().await;
        still_well(&app).await;
    }
    assert_eq!(app.get("/v2/realms").await.text, before);
}

#[tokio::test]
async fn a_client_that_goes_away_harms_nobody() {
    let app = App::start().await;
    let before = app.get("/v2/realms").await.text;
    for part in ["POST /v2/re", "POST /v2/realms HTTP/1.1\r\nhost: a\r\ncontent-le"] {
        let mut raw = Raw::connect(app.running.http.unwrap()).await;
        raw.send(part).await;
        drop(raw);
    }
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    raw.send(head(&app, "POST /v2/realms", "content-length: 100\r\n")).await;
    raw.send(r#"{"realm":{"name":"R"}}"#).await;
    drop(raw);
    still_well(&app).await;
    assert_eq!(app.get("/v2/realms").await.text, before);
}

#[tokio::test]
async fn nothing_is_smuggled_past_the_framing() {
    let app = App::start().await;
    let hidden = format!("GET /v2/realms HTTP/1.1\r\nhost: a\r\nauthrocket-api-key: {ROOT_KEY}\r\n\r\n");
    for (lengths, body) in [
        (
            "content-length: 4\r\ntransfer-encoding: chunked\r\n".to_owned(),
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "transfer-encoding: chunked, identity\r\n".to_owned(),
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "content-length: 2\r\ncontent-length: 7\r\n".to_owned(),
            format!("{{}}{hidden}"),
        ),
        ("content-length: +2\r\n".to_owned(), format!("{{}}{hidden}")),
        (
            "transfer-encoding: xchunked\r\n".to_owned(),
            format!("0\r\n\r\n{hidden}"),
        ),
    ] {
        let mut raw = Raw::connect(app.running.http.unwrap()).await;
        let first = raw
            .ask(format!("POST /v2/login HTTP/1.1\r\nhost: a\r\n{lengths}\r\n{body}"))
            .await;
        assert!((400..500).contains(&first.status), "{lengths}: {first:?}");
        // Whatever else is answered on the connection, nobody was let in by the hidden half of a doubtful request.
        if first.status == 400 {
            raw.closed().await;
        }
    }
    still_well(&app).await;
}

#[tokio::test]
async fn a_full_hashing_queue_is_told_at_once_and_sessions_are_checked_meanwhile() {
    let app = App::start_with(|config| {
        config.limits_enabled = false;
        config.password.threads = 1;
        config.password.queue = 1;
        // So long that no machine ends one before this test does; it is left unfinished.
        config.password.memory_kib = 512 * 1024;
        config.password.iterations = 64;
    })
    .await;
    let realm = app.realm().await;
    let body = json!({"realm_id": realm.id, "user": {"email": "ana@example.com"}});
    let user = app.post("/v2/users", body).await.expect(201);
    let body = json!({"realm_id": realm.id, "session": {"user_id": user["id"]}});
    let session = app.post("/v2/sessions", body).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();

    let guess = json!({"email": "nobody@example.com", "password": "guess"});
    let mut logins: FuturesUnordered<_> = (0..6).map(|_| realm.post("/v2/login", guess.clone())).collect();
    // One is hashed and one waits; the others hear of it, and are told when to come again.
    for _ in 0..4 {
        let reply = logins.next().await.unwrap();
        assert_eq!(reply.errors(429), ["The server is busy; please try again shortly"]);
        assert_eq!(reply.header("retry-after"), "1");
    }
    let path = format!("/v2/session?session={session}");
    realm.get(&path).await.expect(200);
    let early = tokio::time::timeout(Duration::ZERO, logins.next()).await;
    assert!(early.is_err(), "a check was answered only after the hashes: {early:?}");
}
