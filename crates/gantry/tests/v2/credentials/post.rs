//! `POST /v2/credentials` (contract 3.7)

use gantry_kernel::{CredentialId, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm};

async fn add(realm: &TestRealm<'_>, credential: Value) -> Reply {
    realm
        .create("/v2/credentials", json!({ "credential": credential }))
        .await
}

#[tokio::test]
async fn an_authenticator_app_gets_what_sets_it_up() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"public_name": "Acme & Sons"})).await;
    let user = realm.user("ana+x@example.com").await;
    realm.switch("totp", "active").await;
    let provider = realm.read("/v2/auth_providers/totp").await.expect(200);
    let sent = json!({
        "user_id": user["id"], "auth_provider_id": provider["id"], "credential_type": "totp", "name": "Phone",
    });
    let made = add(&realm, sent).await.expect(201);
    assert!(CredentialId::parse(made["id"].as_str().unwrap()).is_ok());
    let shown = json!([
        made["object"],
        made["credential_type"],
        made["name"],
        made["state"],
        made["user_id"],
        made["auth_provider_id"]
    ]);
    assert_eq!(
        shown,
        json!(["credential", "totp", "Phone", "new", user["id"], provider["id"]])
    );
    let secret = made["otp_secret"].as_str().unwrap();
    assert!(secret.len() == 32 && secret.bytes().all(|b| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".contains(&b)));
    let uri = format!(
        "otpauth://totp/Acme%20%26%20Sons:ana%2Bx%40example.com?secret={secret}&issuer=Acme%20%26%20Sons\
         &algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(made["provisioning_uri"], uri);
    assert!(made["provisioning_svg"].as_str().unwrap().contains("<svg"));
    // It does not count before a code of it was verified.
    assert_eq!(
        realm.authenticate("ana+x@example.com").await.expect(201)["object"],
        "session"
    );
    // Each has a secret of its own.
    let other = realm.new_totp(&user).await;
    assert_ne!(other["otp_secret"], made["otp_secret"]);
}

#[tokio::test]
async fn a_user_without_a_password_gets_one_and_only_one() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "bare@example.com"}});
    let user = realm.create("/v2/users", body).await.expect(201);
    let password = json!({"user_id": user["id"], "credential_type": "password", "password": PASSWORD});
    let made = add(&realm, password.clone()).await.expect(201);
    assert_eq!(made["credential_type"], "password");
    assert!(made.get("password").is_none() && made.get("otp_secret").is_none());
    realm.login("bare@example.com").await.expect(200);
    assert_eq!(
        add(&realm, password).await.errors(422),
        ["Credential type is already in use"]
    );
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let id = user["id"].as_str().unwrap();
    let totp = |change: Value| {
        let mut body = json!({"user_id": id, "credential_type": "totp", "name": "Phone"});
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        body
    };
    // Switched off, nobody sets one up.
    assert_eq!(
        add(&realm, totp(json!({}))).await.errors(422),
        ["This way to sign in is switched off"]
    );
    realm.switch("totp", "active").await;
    let google = json!({"auth_provider": {"provider_type": "google", "client_id": "x"}});
    realm.create("/v2/auth_providers", google).await.expect(201);
    let password = realm.read("/v2/auth_providers/password").await.expect(200);
    for wrong in [
        json!({}),
        totp(json!({"user_id": ""})),
        totp(json!({"user_id": "usr_0000000000000000000000"})),
        totp(json!({"name": " "})),
        totp(json!({"name": "x".repeat(256)})),
        totp(json!({"credential_type": ""})),
        totp(json!({"credential_type": "github"})),
        totp(json!({"credential_type": "google"})),
        totp(json!({"auth_provider_id": password["id"]})),
        totp(json!({"auth_provider_id": "ap_0000000000000000000000"})),
        totp(json!({"credential_type": "password", "password": "short"})),
        totp(json!({"credential_type": "password"})),
    ] {
        assert_eq!(add(&realm, wrong.clone()).await.errors(422).len(), 1, "{wrong}");
    }
    assert_eq!(realm.read(&format!("/v2/users/{id}")).await.expect(200), user);
}

#[tokio::test]
async fn a_user_s_credentials_are_bounded() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.switch("totp", "active").await;
    for _ in 0..19 {
        realm.new_totp(&user).await;
    }
    let more = json!({"user_id": user["id"], "credential_type": "totp", "name": "One more"});
    assert_eq!(
        add(&realm, more).await.errors(422),
        ["A user may have at most 20 credentials"]
    );
}

#[tokio::test]
async fn t_03_a_credential_is_added_to_users_of_the_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.user("ana@example.com").await;
    for realm in [&own, &other] {
        realm.switch("totp", "active").await;
    }
    let foreign = other.read("/v2/auth_providers/totp").await.expect(200);
    let mine = own.user("ana@example.com").await;
    let key = app.key("write", Some(&own.id)).await;
    let send = async |credential: Value, query: &str| {
        let path = format!("/v2/credentials{query}");
        let request = app.with_key(&key, Method::POST, &path);
        app.send(request.json(&json!({ "credential": credential }))).await
    };
    let totp = |user: &Value| json!({"user_id": user["id"], "credential_type": "totp", "name": "x"});
    send(totp(&theirs), "").await.errors(422);
    send(totp(&theirs), &format!("?realm_id={}", other.id))
        .await
        .errors(404);
    let mut crossed = totp(&mine);
    crossed["auth_provider_id"] = foreign["id"].clone();
    send(crossed, "").await.errors(422);
    send(totp(&mine), "").await.expect(201);
    let read = app.key("read", Some(&own.id)).await;
    let request = app.with_key(&read, Method::POST, "/v2/credentials");
    app.send(request.json(&totp(&mine))).await.errors(403);
    let shown = other.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown["credentials"].as_array().unwrap().len(), 1);
}
