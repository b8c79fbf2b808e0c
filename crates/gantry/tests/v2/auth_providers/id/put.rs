//! `PUT /v2/auth_providers/:id` (contract 3.8)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

async fn set(realm: &TestRealm<'_>, provider: &str, change: Value) -> Reply {
    let path = format!("/v2/auth_providers/{provider}");
    realm.change(&path, json!({ "auth_provider": change })).await
}

async fn new_user(realm: &TestRealm<'_>, email: &str, password: &str) -> Reply {
    let body = json!({"user": {"email": email, "password": password}});
    realm.create("/v2/users", body).await
}

#[tokio::test]
async fn the_rules_for_passwords_hold_at_once_wherever_one_is_set() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let credential = format!("/v2/credentials/{}", user["credentials"][0]["id"].as_str().unwrap());
    let made = set(&realm, "password", json!({"min_length": 12})).await.expect(200);
    assert_eq!(made["min_length"], 12);
    let rules = json!({"min_length": 10, "min_complexity": "high", "required_chars": ["symbol", "upper"]});
    let changed = set(&realm, "password", rules).await.expect(200);
    assert_eq!(changed["required_chars"], json!(["upper", "symbol"]));
    for (password, text) in [
        ("Short-1", "The password must have at least 10 characters"),
        ("no upper-case 1", "The password must have an upper-case letter"),
        (
            "NoSymbolsInThis1",
            "The password must have a character that is neither letter nor digit",
        ),
        (
            "AAAA-aaaa-AAAA",
            "The password must have 8 different characters, of 3 kinds: lower case, upper case, digits, others",
        ),
    ] {
        assert_eq!(new_user(&realm, "bo@example.com", password).await.errors(422), [text]);
        let body = json!({"credential": {"password": password}});
        assert_eq!(realm.change(&credential, body).await.errors(422), [text]);
    }
    new_user(&realm, "bo@example.com", "Good enough-1").await.expect(201);
    // Who has an older password goes on with it.
    realm.authenticate("ana@example.com").await.expect(201);
    // Null is the default again.
    let rules = json!({"min_length": null, "min_complexity": null, "required_chars": null});
    let shown = set(&realm, "password", rules).await.expect(200);
    assert_eq!(
        json!([shown["min_length"], shown["min_complexity"], shown["required_chars"]]),
        json!([8, "low", []])
    );
    new_user(&realm, "cy@example.com", "quiet fox").await.expect(201);
}

#[tokio::test]
async fn the_texts_are_told_in_the_caller_s_language() {
    let app = App::start().await;
    let realm = app.realm().await;
    set(&realm, "password", json!({"required_chars": ["digit"]}))
        .await
        .expect(200);
    for (language, text) in [
        ("es", "La contraseña debe tener un dígito"),
        ("ja", "パスワードには数字が必要です"),
    ] {
        let request = realm
            .core(Method::POST, "/v2/users")
            .header("Accept-Language", language);
        let body = json!({"user": {"email": "a@example.com", "password": "no digit here"}});
        assert_eq!(app.send(request.json(&body)).await.errors(422), [text]);
    }
}

#[tokio::test]
async fn a_provider_that_is_switched_off_stops_at_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    realm.login("ana@example.com").await.expect(200);
    set(&realm, "password", json!({"state": "inactive"})).await.expect(200);
    assert_eq!(realm.login("ana@example.com").await.errors(422), ["Login failed"]);
    assert_eq!(
        realm.authenticate("ana@example.com").await.errors(422),
        ["Login failed"]
    );
    set(&realm, "password", json!({"state": "active"})).await.expect(200);
    realm.login("ana@example.com").await.expect(200);
}

#[tokio::test]
async fn what_was_not_sent_stays_and_the_secret_stays_sealed() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent =
        json!({"provider_type": "github", "client_id": "id-1", "client_secret": "canary-2", "scopes": "user:email"});
    let made = realm
        .create("/v2/auth_providers", json!({ "auth_provider": sent }))
        .await
        .expect(201);
    let same = set(&realm, "github", json!({})).await.expect(200);
    assert_eq!(same, made);
    let reply = set(
        &realm,
        "github",
        json!({"scopes": null, "name": "GitHub", "client_secret": "canary-3"}),
    )
    .await;
    let changed = reply.expect(200);
    assert!(!reply.text.contains("canary"), "T-33");
    assert_eq!(
        json!([changed["scopes"], changed["name"], changed["client_id"], changed["id"]]),
        json!([null, "GitHub", "id-1", made["id"]])
    );
    for wrong in [
        json!({"provider_type": "google"}),
        json!({"client_id": null}),
        json!({"state": "gone"}),
        json!({"required_chars": ["digit"]}),
        json!({"profile_url": "gopher://x"}),
    ] {
        assert_eq!(
            set(&realm, "github", wrong.clone()).await.errors(422).len(),
            1,
            "{wrong}"
        );
    }
    for wrong in [
        json!({"min_length": 0}),
        json!({"min_length": 129}),
        json!({"min_complexity": "extreme"}),
        json!({"required_chars": ["digit", "emoji"]}),
        json!({"client_id": "x"}),
    ] {
        assert_eq!(
            set(&realm, "password", wrong.clone()).await.errors(422).len(),
            1,
            "{wrong}"
        );
    }
    assert_eq!(realm.read("/v2/auth_providers/github").await.expect(200), changed);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_changes_its_providers() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.read("/v2/auth_providers/password").await.expect(200);
    let body = json!({"auth_provider": {"min_length": 1}});
    let path = format!("/v2/auth_providers/{}", theirs["id"].as_str().unwrap());
    let locked = app.key("manage", Some(&own.id)).await;
    for (key, path, status) in [
        (&locked, &path, 404),
        (
            &locked,
            &format!("/v2/auth_providers/password?realm_id={}", other.id),
            404,
        ),
        (
            &app.key("write", None).await,
            &format!("{path}?realm_id={}", other.id),
            403,
        ),
    ] {
        app.send(app.with_key(key, Method::PUT, path).json(&body))
            .await
            .errors(status);
    }
    assert_eq!(other.read("/v2/auth_providers/password").await.expect(200), theirs);
}
