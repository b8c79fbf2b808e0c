//! A web server that events are told to, and that remembers what it was told, in order.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use parking_lot::Mutex;
use serde_json::Value;

/// What it needs to be reached: settings, as variables.
pub(crate) const REACHABLE: [(&str, &str); 2] = [
    ("GANTRY_EGRESS_ALLOW", "127.0.0.0/8"),
    ("GANTRY_EGRESS_ALLOW_HTTP", "true"),
];

/// The web server.
pub(crate) struct Receiver {
    pub(crate) url: String,
    told: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&told);
        let router = Router::new().fallback(move |body: Bytes| {
            book.lock().push(serde_json::from_slice(&body).unwrap());
            async { StatusCode::OK }
        });
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
        Self { url, told }
    }

    /// All it was told, in the order in which it was.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.told.lock().clone()
    }
}
