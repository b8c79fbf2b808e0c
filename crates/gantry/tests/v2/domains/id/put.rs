//! `PUT /v2/domains/:id` (contract 3.10)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

async fn path_of(realm: &TestRealm<'_>) -> String {
    let listed = realm.list("/v2/domains").await;
    format!("/v2/domains/{}", listed[0]["id"].as_str().unwrap())
}

async fn put(realm: &TestRealm<'_>, path: &str, fields: Value) -> Reply {
    let request = realm.core(Method::PUT, path).json(&json!({ "domain": fields }));
    realm.app.send(request).await
}

async fn keys_at(app: &App, host: &str) -> u16 {
    let request = app.anyone(Method::GET, "/connect/jwks").header("Host", host);
    app.send(request).await.status
}

#[tokio::test]
async fn a_state_and_a_name_hold_at_the_next_request() {
    let app = App::start().await;
    let realm = app.realm().await;
    let path = path_of(&realm).await;
    for (state, status) in [("inactive", 404), ("active", 200)] {
        assert_eq!(
            put(&realm, &path, json!({ "state": state })).await.expect(200)["state"],
            state
        );
        assert_eq!(keys_at(&app, &realm.host).await, status);
    }
    let moved = put(&realm, &path, json!({"subdomain": "Other-Name"})).await.expect(200);
    assert_eq!(
        (&moved["fqdn"], &moved["uri"], &moved["dns_state"]),
        (
            &json!("other-name.localhost"),
            &json!("https://other-name.localhost"),
            &json!("verified")
        )
    );
    assert_eq!(realm.read(&path).await.expect(200), moved);
    assert_eq!(keys_at(&app, &realm.host).await, 404);
    assert_eq!(keys_at(&app, "other-name.localhost").await, 200);
    for nothing in [
        json!({}),
        json!(null),
        json!({"subdomain": null}),
        json!({"fqdn": "x.example"}),
    ] {
        assert_eq!(put(&realm, &path, nothing).await.expect(200), moved);
    }
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_changes_nothing() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let path = path_of(&realm).await;
    let before = realm.read(&path).await.expect(200);
    for wrong in [
        json!({"state": "asleep"}),
        json!({"subdomain": ""}),
        json!({"subdomain": "a.b"}),
        json!({"subdomain": other.host.trim_end_matches(".localhost")}),
        json!({"domain_type": "custom"}),
        json!({"domain": "login.example.com"}),
    ] {
        assert_eq!(put(&realm, &path, wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
    assert_eq!(realm.read(&path).await.expect(200), before);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_changes_its_domains() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (mine, theirs) = (path_of(&own).await, path_of(&other).await);
    let send = |key: String, path: String| {
        let request = app.holder(&key, Method::PUT, &path);
        app.send(request.json(&json!({"domain": {"state": "inactive"}})))
    };
    for permission in ["read", "write"] {
        send(app.key(permission, Some(&own.id)).await, mine.clone())
            .await
            .errors(403);
    }
    let key = app.key("manage", Some(&own.id)).await;
    let unknown = send(key.clone(), "/v2/domains/dom_0000000000000000000000".to_owned()).await;
    unknown.errors(404);
    for path in [theirs.clone(), format!("{theirs}?realm_id={}", other.id)] {
        let reply = send(key.clone(), path).await;
        assert_eq!((reply.status, &reply.text), (404, &unknown.text));
    }
    assert_eq!(keys_at(&app, &other.host).await, 200);
    assert_eq!(keys_at(&app, &own.host).await, 200);
}
