//! PostgreSQL cut off and hanging under the whole program: general words for the caller, and all well again when it is back.

use std::net::{SocketAddr, ToSocketAddrs};

use gantry_kernel::Secret;
use gantry_testkit::db::{Backend, TestDb};
use gantry_testkit::outage::OutageProxy;
use reqwest::Method;
use serde_json::json;

use crate::common::{App, Logs, PASSWORD, Reply, migrate};

/// The server's address in a database's URL, and the URL with another in its place.
fn through(url: &str, proxy: impl FnOnce(SocketAddr) -> SocketAddr) -> String {
    let (before, rest) = url.rsplit_once('@').unwrap();
    let (server, name) = rest.split_once('/').unwrap();
    let target = server.to_socket_addrs().unwrap().next().unwrap();
    format!("{before}@{}/{name}", proxy(target))
}

#[track_caller]
fn general(reply: &Reply) {
    let told = reply.errors(reply.status);
    assert!(matches!(reply.status, 500 | 503 | 504), "{reply:?}");
    let words = [
        "postgres",
        "connection",
        "refused",
        "pool",
        "timeout",
        "auth_",
        "database",
    ];
    assert!(
        told.iter()
            .all(|text| words.iter().all(|word| !text.to_lowercase().contains(word))),
        "{reply:?}"
    );
}

#[tokio::test]
async fn t_33_a_database_that_is_cut_off_is_described_to_nobody_and_comes_back() {
    let logs = Logs::catch();
    let db = TestDb::from_template_on(Backend::Postgres, "gantry", migrate).await;
    let mut proxy = None;
    let url = through(db.url(), |target| {
        let made = OutageProxy::start(target);
        let addr = made.addr();
        proxy = Some(made);
        addr
    });
    let proxy = proxy.unwrap();
    let app = App::start_with(|config| {
        config.database.url = Some(Secret::new(url.clone()));
        config.limits_enabled = false;
        config.http.request_timeout_ms = 5000;
    })
    .await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    for stalled in [false, true] {
        if stalled {
            proxy.stall();
        } else {
            proxy.cut();
        }
        // All at once, since each of them may have to wait for its time to be up.
        let asked = [
            app.root(Method::GET, "/v2/realms"),
            app.root(Method::POST, "/v2/realms").json(&json!({"name": "X"})),
            realm.anyone(Method::POST, "/v2/login").json(&login),
            realm.anyone(Method::GET, "/connect/jwks"),
        ];
        let mut ids = Vec::new();
        for reply in futures::future::join_all(asked.map(|request| app.send(request))).await {
            general(&reply);
            ids.push(reply.request_id().to_owned());
        }
        let ready = app.send(app.anyone(Method::GET, "/health/ready")).await;
        assert!(matches!(ready.status, 503 | 504), "{ready:?}");
        app.send(app.anyone(Method::GET, "/health/live")).await.expect(200);
        for id in ids {
            assert!(!logs.of(&id).is_empty(), "{id}");
        }
        proxy.restore();
        // The pool may still hold what broke: the first requests find that out, and none is wrong.
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        while realm.post("/v2/login", login.clone()).await.status != 200 {
            assert!(tokio::time::Instant::now() < deadline, "it does not come back");
        }
        app.get("/v2/realms").await.expect(200);
    }
    let secret = url.split("//").nth(1).unwrap().rsplit_once('@').unwrap().0;
    assert!(
        !secret.contains(':') || !logs.text().contains(secret),
        "the database's password in the log"
    );
    app.running.stop().await;
}
