//! `POST /v2/auth_providers` (contract 3.8)

use gantry_kernel::{Id, ProviderId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

async fn add(realm: &TestRealm<'_>, provider: Value) -> Reply {
    let body = json!({ "auth_provider": provider });
    realm.create("/v2/auth_providers", body).await
}

#[tokio::test]
async fn every_field_comes_back_but_the_secret() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({
        "provider_type": "oauth2", "name": "Their login", "client_id": "id-1", "client_secret": "canary-1",
        "scopes": "openid email", "loginrocket_domain": "brave-otter-1a2b.localhost",
        "authorization_url": "https://login.example/authorize", "token_url": "https://login.example/token",
        "profile_url": "https://login.example/me", "email_field": "mail", "email_verified_field": "mail_ok",
        "first_name_field": "given", "id_field": "uid", "last_name_field": "family", "name_field": "display",
    });
    let reply = add(&realm, sent.clone()).await;
    let made = reply.expect(201);
    assert!(ProviderId::parse(made["id"].as_str().unwrap()).is_ok());
    for (name, value) in sent.as_object().unwrap() {
        if name != "client_secret" {
            assert_eq!(&made[name], value, "{name}");
        }
    }
    assert_eq!((&made["state"], &made["issuer"]), (&json!("active"), &Value::Null));
    assert!(made.get("client_secret").is_none());
    let path = format!("/v2/auth_providers/{}", made["id"].as_str().unwrap());
    let read = realm.read(&path).await;
    assert_eq!(read.expect(200), made);
    for reply in [reply, read, realm.read("/v2/auth_providers").await] {
        assert!(!reply.text.contains("canary-1"), "T-33: {}", reply.text);
    }
}

#[tokio::test]
async fn there_is_one_of_a_type_but_custom_ones_may_be_many() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let google = json!({"provider_type": "google", "client_id": "x", "client_secret": "y"});
    add(&realm, google.clone()).await.expect(201);
    assert_eq!(
        add(&realm, google.clone()).await.errors(422),
        ["Provider type is already in use"]
    );
    add(&other, google).await.expect(201);
    let custom = json!({"provider_type": "oauth2", "client_id": "x", "issuer": "https://login.example"});
    for _ in 0..2 {
        add(&realm, custom.clone()).await.expect(201);
    }
    add(&realm, json!({"provider_type": "password"})).await.errors(422);
    assert_eq!(realm.list("/v2/auth_providers").await.len(), 5);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    for (wrong, count) in [
        (json!({}), 1),
        (json!({"provider_type": "carrier_pigeon"}), 1),
        (json!({"provider_type": "dummy"}), 1),
        (json!({"provider_type": "google"}), 1),
        (json!({"provider_type": "oauth2"}), 4),
        (json!({"provider_type": "google", "client_id": "x", "min_length": 9}), 1),
        (
            json!({"provider_type": "google", "client_id": "x", "state": "asleep"}),
            1,
        ),
        (json!({"provider_type": "google", "client_id": "x\n"}), 0),
        (json!({"provider_type": "google", "client_id": "a\nb"}), 1),
        (
            json!({"provider_type": "google", "client_id": "x", "token_url": "http://a.example/"}),
            1,
        ),
        (
            json!({"provider_type": "google", "client_id": "x", "issuer": "https://u@a.example"}),
            1,
        ),
        (
            json!({"provider_type": "google", "client_id": "x", "client_secret": "x".repeat(2049)}),
            1,
        ),
    ] {
        let reply = add(&realm, wrong.clone()).await;
        if count == 0 {
            reply.expect(201);
        } else {
            assert_eq!(reply.errors(422).len(), count, "{wrong}");
        }
    }
    assert_eq!(realm.list("/v2/auth_providers").await.len(), 3);
}

#[tokio::test]
async fn the_dummy_exists_where_it_is_switched_on() {
    let app = App::start_with(|config| config.dummy_provider = true).await;
    let realm = app.realm().await;
    let made = add(&realm, json!({"provider_type": "dummy"})).await.expect(201);
    assert_eq!(made["state"], "active");
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_adds_to_it() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let body = |realm: &str| json!({"realm_id": realm, "auth_provider": {"provider_type": "google", "client_id": "x"}});
    let send = async |key: &str, body: Value| {
        let request = app.with_key(key, Method::POST, "/v2/auth_providers");
        app.send(request.json(&body)).await
    };
    let locked = app.key("manage", Some(&own.id)).await;
    send(&locked, body(&other.id)).await.errors(404);
    send(&app.key("write", None).await, body(&own.id)).await.errors(403);
    send(&locked, body("rl_0000000000000000000000")).await.errors(404);
    send(&locked, body(&own.id)).await.expect(201);
    assert_eq!(other.list("/v2/auth_providers").await.len(), 2);
}
