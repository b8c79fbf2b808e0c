//! What a connection may take, and that nobody else pays for it.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use gantry_telemetry::spawn;
use http::Request;
use http_body_util::Empty;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use crate::clients::{Sender, raw};
use crate::servers::{Server, config, patience, router, within};

#[tokio::test]
async fn slow_headers_are_cut() {
    let header = Duration::from_millis(150);
    let server = Server::start(router(), patience(|patience| patience.header = header)).await;
    let mut healthy = Sender::http1(server.connect().await).await;
    assert_eq!(healthy.text("/").await, "HTTP/1.1 Http 127.0.0.1");

    // Never a byte; a part of the preface of HTTP/2; a part of a request.
    for bytes in [
        &b""[..],
        b"PRI * HT",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a",
    ] {
        let answer = raw(server.connect().await, bytes).await;
        assert!(!answer.contains("200"), "{answer}");
    }

    // A byte now and then buys no time, on a first request and on a later one.
    for earlier in [&b""[..], b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"] {
        let (mut reader, mut writer) = server.connect().await.into_split();
        let dribble = async move {
            writer.write_all(earlier).await?;
            writer.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n").await?;
            loop {
                writer.write_all(b"x").await?;
                tokio::time::sleep(header / 10).await;
            }
        };
        let mut answer = Vec::new();
        let outcome: std::io::Result<Infallible> = tokio::select! {
            outcome = dribble => outcome,
            _ = reader.read_to_end(&mut answer) => Err(std::io::ErrorKind::UnexpectedEof.into()),
        };
        assert!(outcome.is_err());
        let answers = String::from_utf8(answer).unwrap().matches("200 OK").count();
        assert_eq!(answers, usize::from(!earlier.is_empty()));
    }
    assert_eq!(healthy.text("/").await, "HTTP/1.1 Http 127.0.0.1", "others are served");
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn idle_connections_are_ended() {
    let server = Server::start(
        router(),
        patience(|patience| patience.idle = Duration::from_millis(100)),
    )
    .await;
    let answer = raw(server.connect().await, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(answer.ends_with("HTTP/1.1 Http 127.0.0.1"), "{answer}");

    let (sender, connection) =
        http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(server.connect().await))
            .await
            .unwrap();
    let ended = spawn(connection);
    let mut sender = Sender::Two(sender);
    assert_eq!(sender.text("/").await, "HTTP/2.0 Http 127.0.0.1");
    within(ended).await.unwrap().unwrap();
    assert_eq!(server.stop().await, 0);
}

/// Says when it is dropped.
struct Tell(Option<oneshot::Sender<()>>);

impl Drop for Tell {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().send(());
    }
}

#[tokio::test]
async fn a_caller_that_takes_nothing_in_is_cut() {
    let (told, dropped) = oneshot::channel();
    let tell = Arc::new(Mutex::new(Some(Tell(Some(told)))));
    let endless = move || {
        let tell = tell.lock().take();
        async move {
            let stream = futures::stream::repeat_with(move || {
                let _ = &tell;
                Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 64 * 1024]))
            });
            Body::from_stream(stream)
        }
    };
    let router = Router::new().route("/", get(endless));
    let server = Server::start(router, patience(|patience| patience.write = Duration::from_millis(100))).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    within(dropped).await.unwrap();
    drop(stream);
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn a_full_server_lets_the_next_wait() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&order);
    let note = move |request: Request<Body>| {
        seen.lock().push(request.uri().path().to_owned());
        async { "noted" }
    };
    let mut config = config();
    config.max_connections = 1;
    let server = Server::start(Router::new().fallback(get(note)), config).await;
    let mut one = Sender::http1(server.connect().await).await;
    assert_eq!(one.text("/one").await, "noted");
    let mut two = Sender::http1(server.connect().await).await;
    let second = spawn(async move { two.text("/two").await });
    for _ in 0..20 {
        assert_eq!(one.text("/one").await, "noted");
    }
    drop(one);
    assert_eq!(within(second).await.unwrap(), "noted");
    let order = order.lock();
    assert_eq!((order.len(), order.last().map(String::as_str)), (22, Some("/two")));
}

#[tokio::test]
async fn a_panic_ends_its_own_connection_only() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let panics = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { panic!("on purpose") }
    };
    let mut config = config();
    config.max_connections = 1;
    let server = Server::start(
        router().route("/panic", get(async move || -> &str { panics().await })),
        config,
    )
    .await;
    for call in 1..=3 {
        let answer = raw(server.connect().await, b"GET /panic HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(
            (answer.as_str(), calls.load(Ordering::SeqCst)),
            ("", call),
            "and gives its seat back"
        );
    }
    let mut sender = Sender::http1(server.connect().await).await;
    assert_eq!(sender.text("/").await, "HTTP/1.1 Http 127.0.0.1");
    drop(sender);
    assert_eq!(server.stop().await, 0);
}

#[tokio::test]
async fn large_headers_reach_the_gateway_and_larger_ones_do_not() {
    let length = |request: Request<Body>| async move { request.headers()["x-long"].len().to_string() };
    let server = Server::start(Router::new().route("/", get(length)), config()).await;
    let request = |bytes: usize| {
        format!(
            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-long: {}\r\n\r\n",
            "x".repeat(bytes)
        )
    };
    let answer = raw(server.connect().await, request(40_000).as_bytes()).await;
    assert!(answer.ends_with("40000"), "{answer}");
    let answer = raw(server.connect().await, request(66_000).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}
