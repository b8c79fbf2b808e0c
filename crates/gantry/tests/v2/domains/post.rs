//! `POST /v2/domains` (contract 1.1 and 3.10)

use gantry_kernel::{DomainId, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

async fn add(realm: &TestRealm<'_>, domain: Value) -> Reply {
    realm.create("/v2/domains", json!({ "domain": domain })).await
}

/// What LoginRocket answers at a host name: 200 where it serves.
async fn keys_at(app: &App, host: &str) -> u16 {
    let request = app.anyone(Method::GET, "/connect/jwks").header("Host", host);
    app.send(request).await.status
}

#[tokio::test]
async fn an_automatic_name_is_a_bare_host_that_answers_at_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    for body in [
        json!({"domain_type": "loginrocket"}),
        json!({}),
        json!({"subdomain": ""}),
        json!(null),
    ] {
        let made = add(&realm, body).await.expect(201);
        assert!(DomainId::parse(made["id"].as_str().unwrap()).is_ok());
        let (fqdn, label) = (made["fqdn"].as_str().unwrap(), made["subdomain"].as_str().unwrap());
        assert_eq!(fqdn, format!("{label}.localhost"));
        let parts: Vec<_> = label.split('-').collect();
        assert_eq!(parts.len(), 3, "{label}");
        assert!(
            parts[2].len() == 4 && parts[2].bytes().all(|b| b.is_ascii_hexdigit()),
            "{label}"
        );
        let shown = json!([
            made["object"],
            made["domain_type"],
            made["domain"],
            made["state"],
            made["uri"],
            made["realm_id"]
        ]);
        assert_eq!(
            shown,
            json!([
                "domain",
                "loginrocket",
                null,
                "active",
                format!("https://{fqdn}"),
                realm.id
            ])
        );
        assert_eq!(keys_at(&app, fqdn).await, 200);
        assert_eq!(keys_at(&app, &format!("{}:8443", fqdn.to_uppercase())).await, 200);
    }
    assert_eq!(realm.list("/v2/domains").await.len(), 5);
}

#[tokio::test]
async fn a_chosen_name_is_kept_in_lower_case() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = add(&realm, json!({"subdomain": "My-Shop"})).await.expect(201);
    assert_eq!(
        (&made["subdomain"], &made["fqdn"]),
        (&json!("my-shop"), &json!("my-shop.localhost"))
    );
    assert_eq!(keys_at(&app, "my-shop.localhost").await, 200);
    let custom = add(&realm, json!({"domain_type": "custom", "domain": "Login.Example.COM"}))
        .await
        .expect(201);
    let shown = json!([
        custom["domain_type"],
        custom["domain"],
        custom["fqdn"],
        custom["subdomain"]
    ]);
    assert_eq!(shown, json!(["custom", "login.example.com", "login.example.com", null]));
    // It serves once it is proven: see verify.
    assert_eq!(keys_at(&app, "login.example.com").await, 404);
    assert_eq!(keys_at(&app, "example.com").await, 404);
    assert_eq!(keys_at(&app, "x.login.example.com").await, 404);
}

#[tokio::test]
async fn t_03_a_name_is_one_realm_s() {
    let app = App::start().await;
    let (one, two) = (app.realm().await, app.realm().await);
    add(&one, json!({"subdomain": "shop"})).await.expect(201);
    add(&one, json!({"domain_type": "custom", "domain": "login.example.com"}))
        .await
        .expect(201);
    let before = two.list("/v2/domains").await;
    for taken in [
        json!({"subdomain": "shop"}),
        json!({"subdomain": "SHOP"}),
        json!({"domain_type": "custom", "domain": "LOGIN.example.com"}),
        // Names below our own suffix are given out by us alone.
        json!({"domain_type": "custom", "domain": "shop.localhost"}),
        json!({"domain_type": "custom", "domain": "other.localhost"}),
        json!({"domain_type": "custom", "domain": "localhost"}),
        json!({"subdomain": one.host.trim_end_matches(".localhost")}),
    ] {
        for realm in [&one, &two] {
            assert_eq!(add(realm, taken.clone()).await.errors(422).len(), 1, "{taken}");
        }
    }
    assert_eq!(two.list("/v2/domains").await, before);
    // It still leads where it led.
    two.user("ana@example.com").await;
    let request = app.anyone(Method::POST, "/v2/login").header("Host", "shop.localhost");
    let body = json!({"email": "ana@example.com", "password": crate::common::PASSWORD});
    app.send(request.json(&body)).await.errors(422);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let before = realm.list("/v2/domains").await;
    for wrong in [
        json!({"domain_type": "wildcard"}),
        json!({"subdomain": "a.b"}),
        json!({"subdomain": "-a"}),
        json!({"subdomain": "a_b"}),
        json!({"subdomain": "ü"}),
        json!({"subdomain": "x".repeat(64)}),
        json!({"domain_type": "custom"}),
        json!({"domain_type": "custom", "domain": "nodots"}),
        json!({"domain_type": "custom", "domain": "a..b"}),
        json!({"domain_type": "custom", "domain": "https://a.example"}),
        json!({"domain_type": "custom", "domain": "a.example:443"}),
        json!({"domain_type": "custom", "domain": "a.example/x"}),
        json!({"domain_type": "custom", "domain": "*.example"}),
        json!({"domain_type": "custom", "domain": format!("{}example", "a.".repeat(130))}),
    ] {
        assert!(!add(&realm, wrong.clone()).await.errors(422).is_empty(), "{wrong}");
    }
    assert_eq!(realm.list("/v2/domains").await, before);
}

#[tokio::test]
async fn t_03_a_domain_is_made_in_the_key_s_own_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let key = app.key("manage", Some(&own.id)).await;
    let make = |body: Value| app.send(app.holder(&key, Method::POST, "/v2/domains").json(&body));
    assert_eq!(
        make(json!({"subdomain": "mine"})).await.expect(201)["realm_id"],
        own.id.as_str()
    );
    make(json!({"realm_id": other.id, "subdomain": "theirs"}))
        .await
        .errors(404);
    make(json!({"realm_id": "rl_0000000000000000000000", "subdomain": "theirs"}))
        .await
        .errors(404);
    assert_eq!(keys_at(&app, "theirs.localhost").await, 404);
    app.post(
        "/v2/domains?realm_id=rl_0000000000000000000000",
        json!({"subdomain": "x"}),
    )
    .await
    .errors(404);
}
