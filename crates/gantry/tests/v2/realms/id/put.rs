//! `PUT /v2/realms/:id` (contract 3.1)

use reqwest::Method;
use serde_json::{Value, json};

use super::super::wrong_settings;
use crate::common::{App, PASSWORD, claims, verify_hs256, verify_rs256};

async fn made(app: &App, settings: Value) -> (Value, String) {
    let realm = app.post("/v2/realms", json!({ "realm": settings })).await.expect(201);
    let path = format!("/v2/realms/{}", realm["id"].as_str().unwrap());
    (realm, path)
}

/// A value for each setting that is not its default.
fn others() -> Value {
    json!({
        "name": "New", "public_name": "P", "environment": "E", "state": "inactive", "custom": {"a": [1]},
        "available_locales": ["ja"], "default_locale": "ja", "email_verification": "required", "email_login": "code", "org_mode": "multi_user",
        "signup": "invitation", "name_field": "hidden", "org_name_field": "required", "password_field": "confirm",
        "username_field": "optional", "allowed_origins": ["https://a.example"], "lr_features": ["f"], "branding": "B",
        "color_1": "C", "logo": "L", "logo_icon": "I", "privacy_policy": "PP", "stylesheet": "S",
        "terms_of_service": "T", "access_token_minutes": 7, "jwt_minutes": 8, "jwt_scopes": "openid",
        "session_minutes": 9, "jwt_algo": "hs256",
    })
}

#[tokio::test]
async fn only_what_was_sent_changes() {
    let app = App::start().await;
    for (name, value) in others().as_object().unwrap() {
        let (mut realm, path) = made(&app, json!({"name": "Old"})).await;
        let answered = app.put(&path, json!({"realm": {name: value}})).await.expect(200);
        assert_eq!(answered[name], *value);
        assert_eq!(app.get(&path).await.expect(200), answered, "{name}");
        realm[name] = value.clone();
        // A token lives as long as its session until the realm says otherwise; the key follows the algorithm.
        if name == "session_minutes" {
            realm["jwt_minutes"] = value.clone();
        }
        if name == "jwt_algo" {
            assert_ne!(answered["jwt_key"], realm["jwt_key"]);
            realm["jwt_key"] = answered["jwt_key"].clone();
        }
        assert_eq!(answered, realm, "{name}");
    }
}

#[tokio::test]
async fn null_is_the_default_again() {
    let app = App::start().await;
    let (fresh, _) = made(&app, json!({"name": "Fresh"})).await;
    let (realm, path) = made(&app, others()).await;
    for name in others().as_object().unwrap().keys().filter(|name| *name != "name") {
        let answered = app.put(&path, json!({"realm": {name: null}})).await.expect(200);
        match name.as_str() {
            // Not set, it is the session's, which was set back after it.
            "jwt_minutes" => assert_eq!(answered[name], realm["session_minutes"]),
            _ => assert_eq!(answered[name], fresh[name], "{name}"),
        }
    }
    let mut now = app.get(&path).await.expect(200);
    now["id"] = fresh["id"].clone();
    now["name"] = fresh["name"].clone();
    // Its own RSA key: made when it was first needed.
    assert!(
        now["jwt_key"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN PUBLIC KEY-----")
    );
    now["jwt_key"] = fresh["jwt_key"].clone();
    assert_eq!(now, fresh);
}

#[tokio::test]
async fn nothing_sent_changes_nothing() {
    let app = App::start().await;
    let (realm, path) = made(&app, others()).await;
    for body in [
        json!({}),
        json!({"realm": {}}),
        json!({"realm": null}),
        json!({"realm": {"unheard_of": 1}}),
    ] {
        assert_eq!(app.put(&path, body).await.expect(200), realm);
    }
    assert_eq!(app.send(app.root(Method::PUT, &path)).await.expect(200), realm);
}

#[tokio::test]
async fn it_takes_unwrapped_fields_and_forms() {
    let app = App::start().await;
    let (_, path) = made(&app, json!({"name": "Old", "allowed_origins": ["https://a.example"]})).await;
    let flat = app
        .put(&path, json!({"name": "Flat", "allowed_origins": []}))
        .await
        .expect(200);
    assert_eq!((&flat["name"], &flat["allowed_origins"]), (&json!("Flat"), &json!([])));
    let form = app
        .root(Method::PUT, &path)
        .form(&[("realm[name]", "Form"), ("realm[public_name]", "Ñ")]);
    let formed = app.send(form).await.expect(200);
    assert_eq!((&formed["name"], &formed["public_name"]), (&json!("Form"), &json!("Ñ")));
    let cleared = app.root(Method::PUT, &path).form(&[("realm[public_name]", "")]);
    assert_eq!(app.send(cleared).await.expect(200)["public_name"], Value::Null);
}

#[tokio::test]
async fn origins_are_kept_as_browsers_send_them() {
    let app = App::start().await;
    let (_, path) = made(&app, json!({"name": "One"})).await;
    let sent = json!([
        "HTTPS://App.Example.com:443",
        "http://localhost:4000",
        "http://a.example:80",
        "https://b.example:80"
    ]);
    let realm = app
        .put(&path, json!({"realm": {"allowed_origins": sent}}))
        .await
        .expect(200);
    let kept = json!([
        "https://app.example.com",
        "http://localhost:4000",
        "http://a.example",
        "https://b.example:80"
    ]);
    assert_eq!(realm["allowed_origins"], kept);
    // One text is a list of one.
    let one = json!({"realm": {"allowed_origins": "https://one.example"}});
    assert_eq!(
        app.put(&path, one).await.expect(200)["allowed_origins"],
        json!(["https://one.example"])
    );
}

#[tokio::test]
async fn a_broken_setting_is_refused_and_nothing_changes() {
    let app = App::start().await;
    let (_, path) = made(&app, others()).await;
    let before = app.get(&path).await.expect(200);
    for (setting, wrong) in wrong_settings() {
        let mut sent = json!({"public_name": "Never"});
        sent.as_object_mut()
            .unwrap()
            .extend(setting.as_object().unwrap().clone());
        let reply = app.put(&path, json!({ "realm": sent })).await;
        assert_eq!(reply.errors(422).len(), wrong, "{setting}");
        assert_eq!(app.get(&path).await.expect(200), before, "{setting}");
    }
}

#[tokio::test]
async fn the_key_follows_the_algorithm_at_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let path = format!("/v2/realms/{}", realm.id);
    let set = |algo: &str| app.put(&path, json!({"realm": {"jwt_algo": algo}}));
    let pem = app.get(&path).await.expect(200)["jwt_key"].clone();
    let secret = set("hs256").await.expect(200)["jwt_key"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("jsk_"));
    let login = realm.login("ana@example.com").await.expect(200);
    verify_hs256(&app, login["token"].as_str().unwrap(), &secret);
    // Back again it is the same key as before, in both directions.
    assert_eq!(set("rs256").await.expect(200)["jwt_key"], pem);
    let login = realm.login("ana@example.com").await.expect(200);
    let jwks = realm.get("/connect/jwks").await.expect(200);
    verify_rs256(&app, login["token"].as_str().unwrap(), &jwks);
    assert_eq!(set("hs256").await.expect(200)["jwt_key"], secret.as_str());
}

#[tokio::test]
async fn what_changes_holds_at_the_next_request() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana@example.com", "password": PASSWORD, "custom": {"plan": "gold"}}});
    realm.create("/v2/users", body).await.expect(201);
    let login = realm.login("ana@example.com").await.expect(200);
    let session = format!("/v2/session?session={}", login["session"].as_str().unwrap());
    let path = format!("/v2/realms/{}", realm.id);
    app.put(
        &path,
        json!({"realm": {"jwt_scopes": "openid ar.custom", "session_minutes": 10}}),
    )
    .await
    .expect(200);
    let again = realm.get(&session).await.expect(200);
    let said = claims(again["token"].as_str().unwrap());
    assert_eq!(said["cs"], json!({"plan": "gold"}));
    // A session keeps the end that it had.
    assert_eq!(said["exp"], claims(login["token"].as_str().unwrap())["exp"]);
    let new = realm.login("ana@example.com").await.expect(200);
    let new = claims(new["token"].as_str().unwrap());
    assert_eq!(new["exp"].as_i64().unwrap() - new["iat"].as_i64().unwrap(), 600);
    // Switched off, a realm serves nobody; on again, its sessions live.
    app.put(&path, json!({"realm": {"state": "inactive"}}))
        .await
        .expect(200);
    realm.get(&session).await.errors(404);
    realm.login("ana@example.com").await.errors(404);
    app.put(&path, json!({"realm": {"state": "active"}})).await.expect(200);
    realm.get(&session).await.expect(200);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_changes_it() {
    let app = App::start().await;
    let (own, own_path) = made(&app, json!({"name": "Own"})).await;
    let (other, other_path) = made(&app, json!({"name": "Other"})).await;
    let change = |key: String, path: &str| {
        let request = app
            .holder(&key, Method::PUT, path)
            .json(&json!({"realm": {"name": "Taken"}}));
        app.send(request)
    };
    let lock = own["id"].as_str();
    for permission in ["read", "write"] {
        change(app.key(permission, lock).await, &own_path).await.errors(403);
    }
    let foreign = change(app.key("manage", lock).await, &other_path).await;
    let unknown = change(app.key("manage", lock).await, "/v2/realms/rl_0000000000000000000000").await;
    foreign.errors(404);
    assert_eq!(foreign.text, unknown.text);
    app.put("/v2/realms/rl_0000000000000000000000", json!({"name": "x"}))
        .await
        .errors(404);
    app.put("/v2/realms/nonsense", json!({"name": "x"})).await.errors(404);
    // A body that names another realm is still about the one in the path.
    let body = json!({"realm_id": other["id"], "id": other["id"], "realm": {"id": other["id"], "name": "Mine"}});
    let key = app.key("manage", lock).await;
    let request = app.holder(&key, Method::PUT, &own_path).json(&body);
    assert_eq!(app.send(request).await.expect(200)["id"], own["id"]);
    assert_eq!(app.get(&other_path).await.expect(200), other);
}
