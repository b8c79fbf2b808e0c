//! How a server stops.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use gantry_telemetry::spawn;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::clients::{Sender, rest};
use crate::servers::{Server, config, router, within};

/// A router whose `/wait` answers when it is told to, and says that it has begun.
fn waiting() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begun_here, go_here) = (Arc::clone(&begun), Arc::clone(&go));
    let wait = move || {
        let (begun, go) = (Arc::clone(&begun_here), Arc::clone(&go_here));
        async move {
            begun.notify_one();
            go.notified().await;
            "done"
        }
    };
    (router().route("/wait", get(wait)), begun, go)
}

#[tokio::test]
async fn a_shutdown_finishes_what_is_in_flight_and_takes_nothing_new() {
    for http2 in [false, true] {
        let (router, begun, go) = waiting();
        let server = Server::start(router, config()).await;
        let mut idle = server.connect().await;
        idle.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        idle.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");

        let stream = server.connect().await;
        let mut sender = match http2 {
            true => Sender::http2(stream).await,
            false => Sender::http1(stream).await,
        };
        let request = spawn(async move { sender.text("/wait").await });
        within(begun.notified()).await;
        server.stop.cancel();
        rest(idle).await;
        assert!(
            TcpStream::connect(server.address).await.is_err(),
            "nobody listens any more"
        );
        assert!(!server.done.is_finished());
        go.notify_one();
        assert_eq!(within(request).await.unwrap(), "done");
        assert_eq!(within(server.done).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_shutdown_cuts_what_does_not_finish_in_time() {
    let (router, begun, _go) = waiting();
    let mut config = config();
    config.shutdown_grace = Duration::from_millis(50);
    let server = Server::start(router, config).await;
    let mut sender = Sender::http1(server.connect().await).await;
    let request = spawn(async move { sender.send("/wait").await.is_err() });
    within(begun.notified()).await;
    assert_eq!(server.stop().await, 1);
    assert!(within(request).await.unwrap());
}
