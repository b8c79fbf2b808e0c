//! SIGTERM: not ready at once, requests in flight finished, streams ended cleanly, nothing that was acknowledged lost.

use std::net::SocketAddr;
use std::time::Duration;

use gantry_proto::event::v2::WatchRequest;
use gantry_proto::event::v2::event_client::EventClient;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::common::{Api, PASSWORD, ROOT_KEY, Realm, Server, channel, gantry, until, with_key};

/// One process on SQLite with a realm and a user.
async fn installation(dir: &std::path::Path, drain_ms: &str) -> (Server, Api, Realm) {
    let mut command = gantry(dir, &["serve"]);
    command
        .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
        .env("GANTRY_DRAIN_MS", drain_ms);
    let server = Server::start(&command).await;
    let api = Api::at(&server.http);
    let realm = api.new_realm().await;
    api.new_user(&realm, "ana@example.com").await.expect(201);
    (server, api, realm)
}

/// A login of which the server has half: it waits for the rest.
struct HalfSent {
    stream: TcpStream,
    rest: String,
}

impl HalfSent {
    async fn to(server: &Server, realm: &Realm) -> Self {
        let addr: SocketAddr = server.http.trim_start_matches("http://").parse().unwrap();
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let body = json!({"email": "ana@example.com", "password": PASSWORD}).to_string();
        let (first, rest) = body.split_at(10);
        let head = format!(
            "POST /v2/login HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            realm.host,
            body.len(),
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server says that it waits for the body: from now on the request is in its hands.
        let mut told = [0; 25];
        stream.read_exact(&mut told).await.unwrap();
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(first.as_bytes()).await.unwrap();
        let rest = rest.to_owned();
        Self { stream, rest }
    }

    async fn finish(mut self) -> String {
        self.stream.write_all(self.rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

#[tokio::test]
async fn requests_in_flight_are_finished_and_new_ones_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, api, realm) = installation(dir.path(), "0").await;
    let login = HalfSent::to(&server, &realm).await;
    server.process.signal("TERM");
    until("new connections are refused", async || {
        api.anyone(reqwest::Method::GET, "/health/live").send().await.err()
    })
    .await;
    let answer = login.finish().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(
        answer.contains("full_login") && answer.to_ascii_lowercase().contains("\r\nconnection: close"),
        "{answer}"
    );
    assert_eq!(server.process.ended().await.code(), Some(0));
}

#[tokio::test]
async fn balancers_see_that_it_is_not_ready_while_it_still_serves() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, api, realm) = installation(dir.path(), "3000").await;
    let mut health = HealthClient::new(channel(&server.grpc));
    let all = HealthCheckRequest::default();
    let mut watched = health.watch(all.clone()).await.unwrap().into_inner();
    let first = watched.message().await.unwrap().unwrap();
    assert_eq!(first.status, ServingStatus::Serving as i32);

    server.process.signal("TERM");
    api.until_not_ready().await;
    let told = api.send(api.anyone(reqwest::Method::GET, "/health/ready")).await;
    assert_eq!((told.status, told.json()["missing"].as_str()), (503, Some("stopping")));
    let asked = health.check(all).await.unwrap().into_inner();
    assert_eq!(asked.status, ServingStatus::NotServing as i32);
    let second = watched.message().await.unwrap().unwrap();
    assert_eq!(second.status, ServingStatus::NotServing as i32);
    // Who comes all the same is served, and alive it is.
    api.login(&realm, "ana@example.com").await.expect(200);
    api.send(api.anyone(reqwest::Method::GET, "/health/live"))
        .await
        .expect(200);
    // The stream ends by itself and does not hold up the process.
    assert_eq!(watched.message().await.unwrap(), None);
    assert_eq!(server.process.ended().await.code(), Some(0));
}

#[tokio::test]
async fn an_event_stream_ends_without_an_error_and_is_resumed_without_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, api, realm) = installation(dir.path(), "0").await;
    let watch = async |server: &Server, cursor: &str| {
        let request = WatchRequest {
            cursor: cursor.to_owned(),
            event_type: vec!["user.login.".to_owned()],
            ..WatchRequest::default()
        };
        let mut client = EventClient::new(channel(&server.grpc));
        client.watch(with_key(request, &realm)).await.unwrap().into_inner()
    };
    let mut stream = watch(&server, "").await;
    let mut cursor = stream.message().await.unwrap().unwrap().cursor;
    let first = api.login(&realm, "ana@example.com").await;
    let seen = stream.message().await.unwrap().unwrap();
    assert_eq!(seen.event.unwrap().request_id.as_deref(), Some(first.request_id()));
    cursor.clone_from(&seen.cursor);
    // The last login before the end: acknowledged, so its event is there after the next start, whoever saw it before.
    let last = api.login(&realm, "ana@example.com").await;
    last.expect(200);
    server.process.signal("TERM");
    let mut seen_before = Vec::new();
    while let Some(response) = stream.message().await.expect("the stream ends, it does not fail") {
        cursor = response.cursor;
        seen_before.extend(response.event.and_then(|event| event.request_id));
    }
    assert_eq!(server.process.ended().await.code(), Some(0), "{}", server.process.log());

    let mut command = gantry(dir.path(), &["serve"]);
    command.env("GANTRY_ROOT_API_KEY", ROOT_KEY);
    let mut server = Server::start(&command).await;
    let api = Api::at(&server.http);
    let mut stream = watch(&server, &cursor).await;
    let third = api.login(&realm, "ana@example.com").await;
    let mut seen = seen_before;
    while seen.len() < 2 {
        let response = tokio::time::timeout(Duration::from_secs(30), stream.message()).await;
        let response = response.expect("the event arrives").unwrap().unwrap();
        seen.extend(response.event.and_then(|event| event.request_id));
    }
    assert_eq!(seen, [last.request_id(), third.request_id()]);
    drop(stream);
    server.stop().await;
}

#[tokio::test]
async fn clients_that_stay_connected_do_not_hold_it_up() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, _, _) = installation(dir.path(), "0").await;
    let addr: SocketAddr = server.http.trim_start_matches("http://").parse().unwrap();
    // A browser that keeps its connection for later, and one that never said a word.
    let mut kept = TcpStream::connect(addr).await.unwrap();
    kept.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 15];
    kept.read_exact(&mut first).await.unwrap();
    let _silent = TcpStream::connect(addr).await.unwrap();
    // A program that keeps its channel.
    let mut health = HealthClient::new(channel(&server.grpc));
    health.check(HealthCheckRequest::default()).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(4), server.stop()).await;
    ended.expect("no grace period is waited for when nothing is in flight");
}

#[tokio::test]
async fn a_signal_during_the_start_ends_the_start() {
    let dir = tempfile::tempdir().unwrap();
    // It waits for a database that accepts connections and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut command = gantry(dir.path(), &["serve"]);
    command.env(
        "DATABASE_URL",
        format!("postgres://gantry@{}/gantry", silent.local_addr().unwrap()),
    );
    let mut process = gantry_testkit::process::Process::start(&command);
    let (_asked, _) = silent.accept().await.unwrap();
    process.signal("TERM");
    assert_eq!(process.ended().await.code(), Some(0));
    assert!(process.seen().is_empty(), "{:?}", process.seen());
}
