//! A web server that events are told to, and that remembers what it was told, in order.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::Notify;

/// What it needs to be reached: settings, as variables.
pub(crate) const REACHABLE: [(&str, &str); 2] = [
    ("GANTRY_EGRESS_ALLOW", "127.0.0.0/8"),
    ("GANTRY_EGRESS_ALLOW_HTTP", "true"),
];

/// The web server.
pub(crate) struct Receiver {
    pub(crate) url: String,
    told: Arc<Mutex<Vec<Value>>>,
    arrived: Arc<Notify>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let arrived = Arc::new(Notify::new());
        let (book, ring) = (Arc::clone(&told), Arc::clone(&arrived));
        let router = Router::new().fallback(move |body: Bytes| {
            book.lock().push(serde_json::from_slice(&body).unwrap());
            ring.notify_one();
            async { StatusCode::OK }
        });
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
        Self { url, told, arrived }
    }

    /// All it was told, in the order in which it was.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.told.lock().clone()
    }

    /// Waits until it was told events of all these ids. Fails when none of them has arrived for half a minute: how many there are, and
    /// with it how long all take, is up to the caller.
    pub(crate) async fn until_told(&self, mut ids: BTreeSet<String>) {
        const PATIENCE: Duration = Duration::from_secs(30);
        let (all, mut read) = (ids.len(), 0);
        let mut deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let missing = ids.len();
            for event in self.told.lock().iter().skip(read) {
                ids.remove(event["id"].as_str().unwrap());
                read += 1;
            }
            if ids.is_empty() {
                return;
            }
            if ids.len() < missing {
                deadline = tokio::time::Instant::now() + PATIENCE;
            }
            let more = tokio::time::timeout_at(deadline, self.arrived.notified()).await;
            assert!(more.is_ok(), "of {all} events these are not told: {ids:?}");
        }
    }
}
