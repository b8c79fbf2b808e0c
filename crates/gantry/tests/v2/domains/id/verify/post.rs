//! `POST /v2/domains/:id/verify` (contract 3.10)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, NameServer, Reply, TestRealm};

async fn custom(realm: &TestRealm<'_>, name: &str) -> Value {
    let body = json!({"domain": {"domain_type": "custom", "domain": name}});
    realm.create("/v2/domains", body).await.expect(201)
}

async fn verify(realm: &TestRealm<'_>, domain: &Value) -> Reply {
    let path = format!("/v2/domains/{}/verify", domain["id"].as_str().unwrap());
    realm.create(&path, json!({"domain": {}})).await
}

async fn keys_at(app: &App, host: &str) -> u16 {
    let request = app.anyone(Method::GET, "/connect/jwks").header("Host", host);
    app.send(request).await.status
}

async fn start(names: &NameServer) -> App {
    let address = names.address;
    App::start_with(|config| config.dns_server = Some(address)).await
}

#[tokio::test]
async fn a_custom_domain_serves_once_its_record_is_found_and_no_longer_when_it_is_gone() {
    let names = NameServer::start().await;
    let app = start(&names).await;
    let realm = app.realm().await;
    let made = custom(&realm, "login.example.com").await;
    let shown = json!([
        made["dns_state"],
        made["cert_state"],
        made["flags"],
        made["verification_name"]
    ]);
    assert_eq!(
        shown,
        json!(["pending", "unmanaged", ["needs_dns"], "_gantry.login.example.com"])
    );
    assert_eq!(keys_at(&app, "login.example.com").await, 404);
    let failed = verify(&realm, &made).await.expect(200);
    assert_eq!(
        (&failed["dns_state"], &failed["flags"]),
        (&json!("failed"), &json!(["needs_dns"]))
    );
    assert_eq!(keys_at(&app, "login.example.com").await, 404);

    let value = made["verification_value"].as_str().unwrap();
    names.set("_gantry.login.example.com", &["unrelated", value]);
    let verified = verify(&realm, &made).await.expect(200);
    assert_eq!(
        (&verified["dns_state"], &verified["flags"]),
        (&json!("verified"), &json!([]))
    );
    assert_eq!(keys_at(&app, "login.example.com").await, 200);
    let path = format!("/v2/domains/{}", made["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), verified);

    names.set("_gantry.login.example.com", &["unrelated"]);
    assert_eq!(verify(&realm, &made).await.expect(200)["dns_state"], "failed");
    assert_eq!(keys_at(&app, "login.example.com").await, 404);
}

#[tokio::test]
async fn t_03_a_record_proves_the_name_for_one_realm_alone() {
    let names = NameServer::start().await;
    let app = start(&names).await;
    let (owner, thief) = (app.realm().await, app.realm().await);
    let first = custom(&owner, "one.example.com").await;
    let second = custom(&thief, "two.example.com").await;
    // A record made for somebody else's domain proves nothing.
    names.set(
        "_gantry.two.example.com",
        &[first["verification_value"].as_str().unwrap()],
    );
    assert_eq!(verify(&thief, &second).await.expect(200)["dns_state"], "failed");
    // Nor may another realm's be looked at.
    let foreign = verify(&thief, &first).await;
    foreign.errors(404);
    assert_eq!(
        owner
            .read(&format!("/v2/domains/{}", first["id"].as_str().unwrap()))
            .await
            .expect(200),
        first
    );
    for permission in ["read", "write"] {
        let key = app.key(permission, Some(&owner.id)).await;
        let path = format!("/v2/domains/{}/verify", first["id"].as_str().unwrap());
        app.send(app.holder(&key, Method::POST, &path)).await.errors(403);
    }
}

#[tokio::test]
async fn another_name_is_proven_anew() {
    let names = NameServer::start().await;
    let app = start(&names).await;
    let realm = app.realm().await;
    let made = custom(&realm, "one.example.com").await;
    names.set(
        "_gantry.one.example.com",
        &[made["verification_value"].as_str().unwrap()],
    );
    verify(&realm, &made).await.expect(200);
    let path = format!("/v2/domains/{}", made["id"].as_str().unwrap());
    let request = realm
        .core(Method::PUT, &path)
        .json(&json!({"domain": {"domain": "two.example.com"}}));
    assert_eq!(app.send(request).await.expect(200)["dns_state"], "pending");
    assert_eq!(keys_at(&app, "one.example.com").await, 404);
    assert_eq!(keys_at(&app, "two.example.com").await, 404);
}

#[tokio::test]
async fn when_nobody_can_be_asked_what_is_known_stays() {
    let names = NameServer::start().await;
    let app = start(&names).await;
    let realm = app.realm().await;
    let made = custom(&realm, "login.example.com").await;
    names.set(
        "_gantry.login.example.com",
        &[made["verification_value"].as_str().unwrap()],
    );
    verify(&realm, &made).await.expect(200);
    names.refuse();
    verify(&realm, &made).await.errors(503);
    assert_eq!(keys_at(&app, "login.example.com").await, 200);
    // An automatic name needs no proof.
    let automatic = realm.list("/v2/domains").await.remove(0);
    assert_eq!(verify(&realm, &automatic).await.expect(200), automatic);
}
