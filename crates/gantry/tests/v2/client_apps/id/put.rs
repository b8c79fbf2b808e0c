//! `PUT /v2/client_apps/:id` (contract 3.9)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, TestRealm};

async fn made(realm: &TestRealm<'_>, fields: Value) -> (Value, String) {
    let app = realm
        .create("/v2/client_apps", json!({ "client_app": fields }))
        .await
        .expect(201);
    let path = format!("/v2/client_apps/{}", app["id"].as_str().unwrap());
    (app, path)
}

async fn put(realm: &TestRealm<'_>, path: &str, fields: Value) -> crate::common::Reply {
    let request = realm.core(Method::PUT, path).json(&json!({ "client_app": fields }));
    realm.app.send(request).await
}

#[tokio::test]
async fn only_what_was_sent_changes_and_null_is_the_default_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (mut expected, path) = made(&realm, json!({"client_type": "oauth2", "name": "Old"})).await;
    expected.as_object_mut().unwrap().remove("secret").unwrap();
    for (name, value, default) in [
        ("name", json!("New"), json!("Default")),
        ("state", json!("inactive"), json!("active")),
        ("redirect_uris", json!(["https://a.example/cb"]), json!([])),
        (
            "allowed_scopes",
            json!(["openid", "ar.orgs"]),
            json!(["openid", "profile", "email"]),
        ),
        ("logo", json!("https://a.example/l.png"), json!(null)),
        ("trusted", json!(true), json!(false)),
    ] {
        expected[name] = value.clone();
        assert_eq!(
            put(&realm, &path, json!({name: value})).await.expect(200),
            expected,
            "{name}"
        );
        assert_eq!(realm.read(&path).await.expect(200), expected, "{name}");
        expected[name] = default;
        assert_eq!(
            put(&realm, &path, json!({name: null})).await.expect(200),
            expected,
            "{name}"
        );
    }
    for nothing in [json!({}), json!(null), json!({"unheard_of": 1})] {
        assert_eq!(put(&realm, &path, nothing).await.expect(200), expected);
    }
    let one_text = put(&realm, &path, json!({"allowed_scopes": "openid, ar.custom email"})).await;
    assert_eq!(
        one_text.expect(200)["allowed_scopes"],
        json!(["openid", "ar.custom", "email"])
    );
}

#[tokio::test]
async fn t_33_a_secret_is_shown_when_it_is_made_and_never_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (shown, path) = made(&realm, json!({"client_type": "oauth2", "name": "Web"})).await;
    let first = shown["secret"].as_str().unwrap().to_owned();
    assert!(first.len() >= 40);
    let kept = put(&realm, &path, json!({"name": "Other"})).await;
    let anew = put(&realm, &path, json!({"secret": null})).await.expect(200);
    let second = anew["secret"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let chosen = "0123456789abcdefghijklmnopqrstuvwxyz";
    assert_eq!(
        put(&realm, &path, json!({ "secret": chosen })).await.expect(200)["secret"],
        chosen
    );
    let list = realm.read("/v2/client_apps").await;
    let got = realm.read(&path).await;
    let public = put(&realm, &path, json!({"app_type": "native"})).await;
    for reply in [&kept, &list, &got, &public] {
        reply.expect(200);
        for secret in [first.as_str(), &second, chosen, "secret"] {
            assert!(!reply.text.contains(secret), "{}", reply.text);
        }
    }
    // What cannot keep a secret has none; as a web app it gets a new one.
    put(&realm, &path, json!({ "secret": chosen })).await.errors(422);
    let web = put(&realm, &path, json!({"app_type": "web"})).await.expect(200);
    assert!(![first.as_str(), &second, chosen].contains(&web["secret"].as_str().unwrap()));
}

#[tokio::test]
async fn t_24_what_breaks_a_rule_is_refused_and_changes_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (_, web) = made(&realm, json!({"client_type": "oauth2", "name": "Web"})).await;
    let (_, standard) = made(&realm, json!({"name": "Standard"})).await;
    for (path, wrong, count) in [
        (&web, json!({"client_type": "standard"}), 1),
        (&web, json!({"client_type": "saml"}), 1),
        (&web, json!({"app_type": "toaster"}), 1),
        (&web, json!({"allowed_scopes": ["openid", "admin"]}), 1),
        (&web, json!({"secret": "too short"}), 1),
        (&web, json!({"secret": format!("{} {}", "x".repeat(30), "y")}), 1),
        (&web, json!({"secret": "x".repeat(300)}), 1),
        (&web, json!({"logo": "javascript://a/%0aalert(1)"}), 1),
        (&web, json!({"redirect_uris": ["https://a.example/../b"]}), 1),
        (&web, json!({"redirect_uris": ["https://127.0.0.1:1@evil.example/"]}), 1),
        (&web, json!({"name": "x\ny", "state": "asleep", "app_type": "x"}), 3),
        (&standard, json!({"app_type": "web", "trusted": true}), 2),
        (&standard, json!({"secret": "x".repeat(40)}), 1),
        (&standard, json!({"allowed_scopes": ["openid"]}), 1),
    ] {
        let before = realm.read(path).await.expect(200);
        assert_eq!(
            put(&realm, path, wrong.clone()).await.errors(422).len(),
            count,
            "{wrong}"
        );
        assert_eq!(realm.read(path).await.expect(200), before, "{wrong}");
    }
    put(&realm, &web, json!({"trusted": "maybe"})).await.errors(400);
}

#[tokio::test]
async fn what_changes_holds_at_the_next_request() {
    let app = App::start().await;
    let realm = app.realm().await;
    let id = realm.list("/v2/client_apps").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v2/client_apps/{id}");
    for (state, status) in [("inactive", 404), ("active", 200)] {
        put(&realm, &path, json!({ "state": state })).await.expect(200);
        assert_eq!(realm.get("/connect/jwks").await.status, status, "{state}");
    }
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_changes_its_apps() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (mine, theirs) = (made(&own, json!({})).await, made(&other, json!({})).await);
    let send = |key: String, path: String| {
        let request = app.holder(&key, Method::PUT, &path);
        app.send(request.json(&json!({"client_app": {"name": "Taken"}})))
    };
    for permission in ["read", "write"] {
        send(app.key(permission, Some(&own.id)).await, mine.1.clone())
            .await
            .errors(403);
    }
    let key = app.key("manage", Some(&own.id)).await;
    send(key.clone(), mine.1.clone()).await.expect(200);
    let unknown = send(key.clone(), "/v2/client_apps/app_0000000000000000000000".to_owned()).await;
    unknown.errors(404);
    for path in [
        theirs.1.clone(),
        format!("{}?realm_id={}", theirs.1, other.id),
        "/v2/client_apps/nonsense".to_owned(),
    ] {
        let reply = send(key.clone(), path).await;
        assert_eq!((reply.status, &reply.text), (404, &unknown.text));
    }
    assert_eq!(other.read(&theirs.1).await.expect(200), theirs.0);
}
