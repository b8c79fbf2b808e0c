//! The whole of Gantry in this process.

use std::sync::Arc;

use diesel_async::SimpleAsyncConnection;
use futures::FutureExt;
use gantry::{Gantry, Roles, Running, StartError, World};
use gantry_config::Config;
use gantry_db::StoreError;
use gantry_kernel::{ManualClock, Secret, SeededRng};
use gantry_testkit::db::TestDb;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Reply, TestRealm, contract};

/// When every test starts: 2026-01-01T00:00:00Z.
pub(crate) const START_MS: i64 = 1_767_225_600_000;

pub(crate) const ROOT_KEY: &str = "ks_0000000000000000000root-00000000000000000000000000000000";

/// Gantry at work on a database of its own, with a clock that the test owns.
pub(crate) struct App {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) running: Running,
    pub(crate) client: reqwest::Client,
    pub(crate) db: TestDb,
    _data: tempfile::TempDir,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with settings of the test's own. Hashes are cheap unless the test says otherwise.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::try_start_with(change)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, for settings that Gantry may refuse.
    pub(crate) async fn try_start_with(change: impl FnOnce(&mut Config)) -> Result<Self, StartError> {
        let data = tempfile::tempdir().unwrap();
        let db = TestDb::from_template("gantry", migrate).await;
        let clock = Arc::new(ManualClock::new(START_MS));
        let mut config = Config {
            data_dir: data.path().to_owned(),
            ..Config::default()
        };
        config.http.addr = ([127, 0, 0, 1], 0).into();
        config.grpc.addr = ([127, 0, 0, 1], 0).into();
        config.database.url = Some(Secret::new(db.url()));
        config.root_api_key = Some(Secret::new(ROOT_KEY));
        config.password.memory_kib = 64;
        config.password.iterations = 1;
        change(&mut config);
        let world = World {
            clock: clock.clone(),
            rng: Arc::new(SeededRng::new(7)),
            mails: None,
        };
        let running = Gantry {
            config,
            roles: Roles::ALL,
            world,
        }
        .start()
        .await?;
        // reqwest wants a provider even for plain HTTP; each test is a process of its own, so the first wins.
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Who answers is known by the address; what certificates say is for the tests about them.
            .tls_danger_accept_invalid_certs(true)
            .build()
            .unwrap();
        Ok(Self {
            clock,
            running,
            client,
            db,
            _data: data,
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        let scheme = if self.running.https { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.running.http.unwrap())
    }

    /// Anybody, at no realm's host.
    pub(crate) fn anyone(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// The holder of the account-wide manage key.
    pub(crate) fn root(&self, method: Method, path: &str) -> RequestBuilder {
        self.anyone(method, path).header("Authrocket-Api-Key", ROOT_KEY)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        let request = request.build().unwrap();
        let (verb, path) = (request.method().to_string(), request.url().path().to_owned());
        let reply = Reply::of(self.client.execute(request).await.unwrap()).await;
        contract::hold(&verb, &path, &reply);
        reply
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.root(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.root(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.root(Method::PUT, path).json(&body)).await
    }

    /// A key with a permission, locked to a realm or account-wide.
    pub(crate) async fn key(&self, permission: &str, realm: Option<&str>) -> String {
        let setup = self.running.setup.as_ref().unwrap();
        let (_, key) = setup
            .create_key("test", permission, realm.map(str::to_owned))
            .await
            .unwrap();
        key.expose().to_owned()
    }

    /// A realm with a domain and an active client app: one that serves.
    pub(crate) async fn realm(&self) -> TestRealm<'_> {
        self.realm_with(json!({})).await
    }

    /// The same, with settings.
    pub(crate) async fn realm_with(&self, mut settings: Value) -> TestRealm<'_> {
        settings["name"] = json!("Test");
        let realm = self.post("/v2/realms", json!({ "realm": settings })).await.expect(201);
        let id = realm["id"].as_str().unwrap().to_owned();
        let body = json!({"realm_id": id, "client_app": {"name": "App"}});
        self.post("/v2/client_apps", body).await.expect(201);
        let domain = self
            .post(
                "/v2/domains",
                json!({"realm_id": id, "domain": {"domain_type": "loginrocket"}}),
            )
            .await
            .expect(201);
        TestRealm {
            app: self,
            host: domain["fqdn"].as_str().unwrap().to_owned(),
            id,
        }
    }

    /// The holder of some key.
    pub(crate) fn with_key(&self, key: &str, method: Method, path: &str) -> RequestBuilder {
        self.anyone(method, path).header("Authrocket-Api-Key", key)
    }

    /// Does something to the database behind Gantry's back.
    pub(crate) async fn sql(&self, statements: &str) {
        let statements = statements.to_owned();
        let done = match gantry_db::Db::open(&gantry_db::Config::new(self.db.url())).unwrap() {
            gantry_db::Db::Pg(pool) => pool.write("test", |conn| run(conn, statements).boxed()).await,
            gantry_db::Db::Lite(pool) => pool.write("test", |conn| run(conn, statements).boxed()).await,
        };
        done.unwrap();
    }

    /// Waits until the event that a call caused can be read (design.md: within 100 ms; here with patience for a busy machine).
    pub(crate) async fn event(&self, realm: &str, request_id: &str) -> Value {
        self.events(realm, request_id, 1).await.remove(0)
    }

    /// Waits until so many events of a call can be read; newest first.
    pub(crate) async fn events(&self, realm: &str, request_id: &str, count: usize) -> Vec<Value> {
        let path = format!("/v2/events?realm_id={realm}&request_id={request_id}&created_at_after=");
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
        loop {
            let found = self.get(&path).await.expect(200)["collection"]
                .as_array()
                .unwrap()
                .clone();
            if found.len() >= count {
                return found;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "only {} events of {request_id}",
                found.len()
            );
            tokio::task::yield_now().await;
        }
    }
}

async fn run(conn: &mut impl SimpleAsyncConnection, statements: String) -> Result<(), StoreError> {
    Ok(conn.batch_execute(&statements).await?)
}

/// Brings an empty database up to date.
pub(crate) async fn migrate(url: String) -> Result<(), gantry_db::MigrateError> {
    gantry_db::Db::open(&gantry_db::Config::new(url))?
        .migrate()
        .await
        .map(drop)
}
