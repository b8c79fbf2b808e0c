//! `POST /v2/login/verify` (contract 2.2 and 2.4)

use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm};

async fn verify(realm: &TestRealm<'_>, token: &Value, code: &str) -> Reply {
    realm
        .post("/v2/login/verify", json!({"token": token, "code": code}))
        .await
}

#[tokio::test]
async fn a_password_and_a_code_are_a_full_login() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let reply = realm.login("ana@example.com").await;
    let half = reply.expect(200);
    assert_eq!(
        json!([half["result"], half["mfa_types"]]),
        json!(["mfa_required", ["totp"]])
    );
    assert!(half["token"].as_str().unwrap().starts_with("tmf:"));
    for absent in ["session", "account", "conditions"] {
        assert!(half.get(absent).is_none(), "{half}");
    }
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["event_type"], "user.login.initiated");
    let reply = verify(&realm, &half["token"], &authenticator.code(&app)).await;
    let full = reply.expect(200);
    assert_eq!(full["result"], "full_login");
    assert!(full.get("mfa_types").is_none());
    let path = format!("/v2/session?session={}", full["session"].as_str().unwrap());
    assert_eq!(realm.get(&path).await.expect(200)["account"], full["account"]);
    let events = app.events(&realm.id, reply.request_id(), 3).await;
    assert_eq!(events[0]["event_type"], "user.login.succeeded");
}

#[tokio::test]
async fn a_wrong_code_is_an_error_in_loginrocket_s_shape() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let half = realm.login("ana@example.com").await.expect(200)["token"].clone();
    let reply = verify(&realm, &half, &authenticator.wrong(&app)).await;
    let said = reply.expect(422);
    assert_eq!(
        json!([said["result"], said["error"], said["errors"]]),
        json!(["error", "Verification failed", ["Verification failed"]])
    );
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["event_type"], "user.login.failed");
    for body in [
        json!({}),
        json!({"token": half}),
        json!({"code": "123456"}),
        json!({"token": "tmf:x", "code": "1"}),
    ] {
        realm.post("/v2/login/verify", body).await.expect(422);
    }
    verify(&realm, &half, &authenticator.code(&app)).await.expect(200);
}

#[tokio::test]
async fn the_account_is_the_one_asked_for_with_the_password_or_now() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"org_mode": "multi_user"})).await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    for org in [&one, &two] {
        realm.join(&user, org).await;
    }
    let authenticator = realm.authenticator(&user).await;
    let login = async |account: &Value| {
        let body = json!({"email": "ana@example.com", "password": PASSWORD, "account": account});
        realm.post("/v2/login", body).await.expect(200)["token"].clone()
    };
    let half = login(&two["id"]).await;
    let full = verify(&realm, &half, &authenticator.code(&app)).await.expect(200);
    assert_eq!(
        json!([full["result"], full["account"]]),
        json!(["full_login", two["id"]])
    );
    app.clock.advance_ms(30_000);
    let half = login(&two["id"]).await;
    let body = json!({"token": half, "code": authenticator.code(&app), "account": one["id"]});
    let full = realm.post("/v2/login/verify", body).await.expect(200);
    assert_eq!(full["account"], one["id"]);
    app.clock.advance_ms(30_000);
    let half = login(&Value::Null).await;
    let none = verify(&realm, &half, &authenticator.code(&app)).await.expect(200);
    assert_eq!(
        json!([none["result"], none["conditions"]]),
        json!(["conditional_login", ["no_account_selected"]])
    );
}

#[tokio::test]
async fn t_03_a_login_is_finished_at_its_realm_s_host_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let user = other.user("ana@example.com").await;
    let authenticator = other.authenticator(&user).await;
    let half = other.login("ana@example.com").await.expect(200)["token"].clone();
    let code = authenticator.code(&app);
    verify(&own, &half, &code).await.expect(422);
    let core = other.finish(half.as_str().unwrap(), &code).await;
    assert_eq!(core.expect(201)["user_id"], user["id"]);
}
