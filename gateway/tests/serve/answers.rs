//! What a caller gets to read.

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use gantry_telemetry::spawn;
use http::{Request, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::clients::{Client, Sender, raw};
use crate::servers::{Made, Server, config, https, router, within};

#[tokio::test]
async fn plain_http_speaks_both_versions_and_says_so() {
    let server = Server::start(router(), config()).await;
    let mut one = Sender::http1(server.connect().await).await;
    assert_eq!(one.text("/").await, "HTTP/1.1 Http 127.0.0.1");
    assert_eq!(one.text("/").await, "HTTP/1.1 Http 127.0.0.1");
    let mut two = Sender::http2(server.connect().await).await;
    assert_eq!(two.text("/").await, "HTTP/2.0 Http 127.0.0.1");
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_an_id() {
    let made = Made::new(&["a.example"]);
    let (config_tls, _) = https(&[&made]);
    let secure = Server::start(router(), config_tls).await;
    let plain = Server::start(router(), config()).await;
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(200));
    let before = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    for (bytes, status) in [
        ("NONSENSE\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nbad header\r\n\r\n", "400"),
        ("GET / HTTP/9.9\r\n\r\n", "400"),
        (
            "GET / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            "400",
        ),
        (many.as_str(), "431"),
    ] {
        let in_clear = raw(plain.connect().await, bytes.as_bytes()).await;
        let stream = Client::trusting(&[&made]).connect(&secure, "a.example").await;
        let encrypted = raw(stream, bytes.as_bytes()).await;
        for answer in [in_clear, encrypted] {
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{bytes:?}: {answer}"
            );
            assert_eq!(
                answer
                    .matches("\r\nx-request-id: rq_0000000000000000000000\r\n")
                    .count(),
                1,
                "{answer}"
            );
        }
        // The same behind a good request on one connection.
        let mut stream = plain.connect().await;
        stream.write_all(before.as_bytes()).await.unwrap();
        let mut first = vec![0; 1024];
        let count = stream.read(&mut first).await.unwrap();
        assert!(first[..count].starts_with(b"HTTP/1.1 200 OK"));
        let answer = raw(stream, bytes.as_bytes()).await;
        assert_eq!(
            answer
                .matches("\r\nx-request-id: rq_0000000000000000000000\r\n")
                .count(),
            1,
            "{answer}"
        );
    }
}

#[tokio::test]
async fn answers_that_look_like_hypers_own_are_left_alone() {
    let body = "HTTP/1.1 400 Bad Request\r\n\r\n";
    let teapot = move || async move { (StatusCode::IM_A_TEAPOT, body.repeat(10_000)) };
    let server = Server::start(Router::new().route("/", get(teapot)), config()).await;
    let mut sender = Sender::http1(server.connect().await).await;
    for _ in 0..3 {
        let response = within(sender.send("/")).await.unwrap();
        assert_eq!(
            (response.status(), response.version()),
            (StatusCode::IM_A_TEAPOT, Version::HTTP_11)
        );
        assert!(!response.headers().contains_key("x-request-id"));
        assert_eq!(
            within(response.into_body().collect()).await.unwrap().to_bytes(),
            body.repeat(10_000)
        );
    }
}

#[tokio::test]
async fn bodies_are_read_and_continued() {
    let echo = |body: Bytes| async move { body };
    let server = Server::start(Router::new().route("/", axum::routing::post(echo)), config()).await;
    let (mut sender, connection) = http1::handshake(TokioIo::new(server.connect().await)).await.unwrap();
    spawn(connection);
    let sent = Bytes::from(vec![b'y'; 300_000]);
    let request = Request::post("/")
        .header("host", "a")
        .body(Full::new(sent.clone()))
        .unwrap();
    let response = within(sender.send_request(request)).await.unwrap();
    assert_eq!(within(response.into_body().collect()).await.unwrap().to_bytes(), sent);

    let asked = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    let mut stream = server.connect().await;
    stream.write_all(asked).await.unwrap();
    let mut first = [0; 25];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert!(raw(stream, b"ok").await.ends_with("\r\n\r\nok"));
}
