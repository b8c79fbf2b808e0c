//! Somebody's web server on loopback, which webhooks are sent to.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gantry_config::Config;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::mpsc;

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Which of the signatures a secret made; `None` for none of them.
    pub(crate) fn signed_by(&self, secret: &Value) -> Option<usize> {
        let key = secret.as_str().unwrap().strip_prefix("whsec_").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(key).unwrap());
        let mut text = format!("{}.{}.", self.header("webhook-id"), self.header("webhook-timestamp")).into_bytes();
        text.extend_from_slice(&self.body);
        let wanted = format!("v1,{}", STANDARD.encode(hmac::sign(&key, &text)));
        let mut all = self.header("webhook-signature").split(' ');
        all.position(|signature| signature == wanted)
    }
}

/// How it answers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mood {
    Answers(u16),
    /// To somewhere else, which is itself.
    Redirects,
    /// It takes the request, and says nothing.
    Silent,
}

/// The web server.
pub(crate) struct Receiver {
    pub(crate) url: String,
    mood: Arc<Mutex<Mood>>,
    came: mpsc::UnboundedReceiver<Received>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(Mood::Answers(200)));
        let (tell, came) = mpsc::unbounded_channel();
        let (now, home) = (Arc::clone(&mood), url.clone());
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let (tell, mood, home) = (tell.clone(), *now.lock(), home.clone());
            async move { answer(&tell, mood, &home, (uri, headers, body)).await }
        });
        drop(gantry_telemetry::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
        Self { url, mood, came }
    }

    /// Settings by which it may be called.
    pub(crate) fn allow(config: &mut Config) {
        config.egress.allow = vec!["127.0.0.0/8".parse().unwrap()];
        config.egress.allow_http = true;
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock() = mood;
    }

    /// The next request.
    pub(crate) async fn next(&mut self) -> Received {
        let next = tokio::time::timeout(Duration::from_secs(30), self.came.recv());
        next.await.expect("a request should have come by now").unwrap()
    }

    /// Whether a request has come that was not looked at.
    pub(crate) fn has_more(&mut self) -> bool {
        self.came.try_recv().is_ok()
    }
}

async fn answer(
    tell: &mpsc::UnboundedSender<Received>,
    mood: Mood,
    home: &str,
    (uri, headers, body): (Uri, HeaderMap, Bytes),
) -> Response {
    let received = Received {
        uri: uri.to_string(),
        headers,
        body: body.to_vec(),
    };
    tell.send(received).unwrap();
    match mood {
        Mood::Answers(status) => (StatusCode::from_u16(status).unwrap(), "said so").into_response(),
        Mood::Redirects => axum::response::Redirect::temporary(home).into_response(),
        Mood::Silent => std::future::pending().await,
    }
}
