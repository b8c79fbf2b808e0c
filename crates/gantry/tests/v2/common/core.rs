//! Back ends: holders of an API key, at work in one realm.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{App, Reply, TestRealm};

/// What the calls of [`TestRealm::history`] name as their client, so that their own events can be left out.
const MARKER: &str = "marker";

static MARKERS: AtomicU32 = AtomicU32::new(0);

/// A `request` hash, and how it is shown again.
pub(crate) fn ip_and_client() -> Value {
    json!({"ip": "203.0.113.9", "client": "Browser/7 (Ñandú)"})
}

impl App {
    /// Somebody with a key of their own.
    pub(crate) fn holder(&self, key: &str, method: Method, path: &str) -> RequestBuilder {
        self.anyone(method, path).header("Authrocket-Api-Key", key)
    }
}

impl TestRealm<'_> {
    /// The holder of the account-wide key, with this realm as the default.
    pub(crate) fn core(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.root(method, path).header("Authrocket-Realm", &self.id)
    }

    /// Reads over the Core API.
    pub(crate) async fn read(&self, path: &str) -> Reply {
        self.app.send(self.core(Method::GET, path)).await
    }

    /// Creates, or acts, over the Core API.
    pub(crate) async fn create(&self, path: &str, body: Value) -> Reply {
        self.app.send(self.core(Method::POST, path).json(&body)).await
    }

    /// The items of a list.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let list = self.read(path).await.expect(200);
        list["collection"].as_array().unwrap().clone()
    }

    /// A session of a user, opened by a back end.
    pub(crate) async fn open(&self, user: &Value) -> Value {
        let body = json!({"session": {"user_id": user["id"]}});
        self.create("/v2/sessions", body).await.expect(201)
    }

    /// All that has happened in the realm, oldest first: what a refused call must not add to.
    ///
    /// Auth and Session each hand their events over in order, so when an event that each makes now can be read, so can all before.
    pub(crate) async fn history(&self) -> Vec<Value> {
        let request = json!({"client": MARKER});
        let email = format!("{MARKER}{}@example.com", MARKERS.fetch_add(1, Ordering::Relaxed));
        let body = json!({"user": {"email": email}, "request": request});
        let created = self.create("/v2/users", body).await;
        let user = created.expect(201);
        let session = self.open(&user).await;
        let path = format!("/v2/sessions/{}", session["id"].as_str().unwrap());
        let ended = self.core(Method::DELETE, &path).json(&json!({"request": request}));
        let ended = self.app.send(ended).await;
        ended.expect(200);
        self.app.event(&self.id, created.request_id()).await;
        self.app.event(&self.id, ended.request_id()).await;
        let mut all = self
            .list("/v2/events?created_at_after=&direction=asc&max_results=1000")
            .await;
        all.retain(|event| event["request"]["client"] != MARKER);
        all
    }

    /// The types of [`Self::history`].
    pub(crate) async fn history_types(&self) -> Vec<String> {
        let types = self.history().await.into_iter();
        types
            .map(|event| event["event_type"].as_str().unwrap().to_owned())
            .collect()
    }
}
