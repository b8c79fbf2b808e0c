//! What people do over HTTP, at any gateway.

use reqwest::header::HOST;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{ROOT_KEY, Reply, until};

/// The password of every test user.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A gateway, as its clients see it. Each request takes a connection of its own, as different people do.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) base: String,
    client: reqwest::Client,
}

/// A realm that serves at a host.
#[derive(Clone)]
pub(crate) struct Realm {
    pub(crate) id: String,
    pub(crate) host: String,
}

impl Api {
    pub(crate) fn at(base: &str) -> Self {
        // reqwest wants a provider even for plain HTTP; the first one wins.
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .no_proxy()
            // Who answers is known by the address; what certificates say is for the tests about them.
            .tls_danger_accept_invalid_certs(true)
            .build();
        Self {
            base: base.to_owned(),
            client: client.unwrap(),
        }
    }

    /// Whoever asks for whole addresses.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) fn anyone(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// The holder of the account-wide manage key.
    pub(crate) fn root(&self, method: Method, path: &str) -> RequestBuilder {
        self.anyone(method, path).header("Authrocket-Api-Key", ROOT_KEY)
    }

    /// Anybody at a realm's host.
    pub(crate) fn visitor(&self, realm: &Realm, method: Method, path: &str) -> RequestBuilder {
        self.anyone(method, path).header(HOST, &realm.host)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        Reply::of(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.root(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.root(Method::POST, path).json(&body)).await
    }

    /// A realm with a domain and an active client app: one that serves.
    pub(crate) async fn new_realm(&self) -> Realm {
        let realm = self.post("/v2/realms", json!({"realm": {"name": "Test"}})).await;
        let id = realm.expect(201)["id"].as_str().unwrap().to_owned();
        let app = json!({"realm_id": id, "client_app": {"name": "App"}});
        self.post("/v2/client_apps", app).await.expect(201);
        let domain = json!({"realm_id": id, "domain": {"domain_type": "loginrocket"}});
        let domain = self.post("/v2/domains", domain).await.expect(201);
        let host = domain["fqdn"].as_str().unwrap().to_owned();
        Realm { id, host }
    }

    /// Adds a user with the password of all test users.
    pub(crate) async fn new_user(&self, realm: &Realm, email: &str) -> Reply {
        let user = json!({"email": email, "password": PASSWORD});
        self.post("/v2/users", json!({"realm_id": realm.id, "user": user}))
            .await
    }

    pub(crate) fn logging_in(&self, realm: &Realm, email: &str, password: &str) -> RequestBuilder {
        let body = json!({"email": email, "password": password});
        self.visitor(realm, Method::POST, "/v2/login").json(&body)
    }

    pub(crate) async fn login(&self, realm: &Realm, email: &str) -> Reply {
        self.send(self.logging_in(realm, email, PASSWORD)).await
    }

    pub(crate) async fn session(&self, realm: &Realm, session: &str) -> Reply {
        let path = format!("/v2/session?session={session}");
        self.send(self.visitor(realm, Method::GET, &path)).await
    }

    pub(crate) async fn logout(&self, realm: &Realm, session: &str) -> Reply {
        let path = format!("/v2/session?session={session}");
        self.send(self.visitor(realm, Method::DELETE, &path)).await
    }

    /// Waits until so many events of a request can be read; newest first.
    pub(crate) async fn events(&self, realm: &Realm, request_id: &str, count: usize) -> Vec<Value> {
        let query = format!("realm_id={}&request_id={request_id}&created_at_after=", realm.id);
        until(&format!("{count} events of {request_id}"), async || {
            let found = self.all("/v2/events", &query).await;
            (found.len() >= count).then_some(found)
        })
        .await
    }

    /// A whole list, page by page.
    pub(crate) async fn all(&self, path: &str, query: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = all.last().and_then(|last| last["id"].as_str()).unwrap_or_default();
            let after = if after.is_empty() {
                String::new()
            } else {
                format!("&after={after}")
            };
            let path = format!("{path}?max_results=1000&{query}{after}");
            let page = self.get(&path).await.expect(200);
            all.extend(page["collection"].as_array().unwrap().iter().cloned());
            if page["more_results"] != json!(true) {
                return all;
            }
        }
    }

    /// Whether the gateway says that it may be sent work.
    pub(crate) async fn is_ready(&self) -> bool {
        let sent = self.anyone(Method::GET, "/health/ready").send().await;
        sent.is_ok_and(|response| response.status() == 200)
    }

    pub(crate) async fn until_ready(&self) {
        until("the gateway is ready", async || self.is_ready().await.then_some(())).await;
    }

    pub(crate) async fn until_not_ready(&self) {
        until("the gateway is not ready", async || {
            (!self.is_ready().await).then_some(())
        })
        .await;
    }
}
