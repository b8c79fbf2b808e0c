//! `POST /v2/users/reset_password_with_token` (contract 3.2)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, field, ip_and_client, verify_rs256};

const PATH: &str = "/v2/users/reset_password_with_token";
const OTHER: &str = "another long password";

async fn asked(realm: &TestRealm<'_>, action: &str) -> String {
    let path = format!("/v2/users/ana@example.com/{action}");
    let token = realm.create(&path, json!({})).await.expect(201);
    token["token"].as_str().unwrap().to_owned()
}

async fn reset(realm: &TestRealm<'_>, token: &str, password: &str) -> Reply {
    let user = json!({"token": token, "password": password, "password_confirmation": password});
    realm
        .create(PATH, json!({"user": user, "request": ip_and_client()}))
        .await
}

#[tokio::test]
async fn the_token_sets_the_password_and_only_the_new_session_is_left() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let old = [realm.open(&user).await, realm.open(&user).await];
    let token = asked(&realm, "generate_password_token").await;
    let reply = reset(&realm, &token, OTHER).await;
    let session = reply.expect(201);
    assert_eq!(
        (&session["object"], &session["user_id"], &session["user"]["id"]),
        (&json!("session"), &user["id"], &user["id"])
    );
    let jwks = realm.get("/connect/jwks").await.expect(200);
    let said = verify_rs256(&app, session["token"].as_str().unwrap(), &jwks);
    assert_eq!((&said["sid"], &said["sub"]), (&session["id"], &user["id"]));
    assert_eq!(
        field(&realm.list("/v2/sessions").await, "id"),
        [session["id"].as_str().unwrap()]
    );
    // T-22: a new one, not one of before.
    assert!(old.iter().all(|before| before["id"] != session["id"]));
    let events = app.events(&realm.id, reply.request_id(), 4).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(
        types,
        [
            "session.deleted",
            "session.deleted",
            "user.login.succeeded",
            "user.password.updated"
        ]
    );
    assert!(
        events
            .iter()
            .all(|e| e["user_id"] == user["id"] && e["request"] == ip_and_client())
    );
    let login = |password: &str| {
        let body = json!({"user": {"password": password}});
        realm.create("/v2/users/ana@example.com/authenticate", body)
    };
    login(PASSWORD).await.errors(422);
    login(OTHER).await.expect(201);
}

#[tokio::test]
async fn t_02_a_mailbox_is_no_second_factor() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.open(&user).await;
    let authenticator = realm.authenticator(&user).await;
    let token = asked(&realm, "generate_password_token").await;
    let half = reset(&realm, &token, OTHER).await.expect(201);
    assert_eq!(json!([half["object"], half["user_id"]]), json!(["token", user["id"]]));
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
    let half = half["token"].as_str().unwrap();
    realm.finish(half, &authenticator.wrong(&app)).await.errors(422);
    let session = realm.finish(half, &authenticator.code(&app)).await.expect(201);
    assert_eq!(session["user_id"], user["id"]);
}

#[tokio::test]
async fn t_16_a_token_is_used_once_and_a_refused_password_does_not_use_it() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let (token, second) = (
        asked(&realm, "generate_password_token").await,
        asked(&realm, "generate_password_token").await,
    );
    reset(&realm, &token, "short").await.errors(422);
    let unlike = json!({"user": {"token": token, "password": OTHER, "password_confirmation": "x"}});
    realm.create(PATH, unlike).await.errors(422);
    realm.create(PATH, json!({"user": {"token": token}})).await.errors(422);
    // Nothing but the POST uses it: whoever looks at the link first does not spoil it.
    app.send(realm.core(Method::GET, &format!("{PATH}?token={token}")))
        .await
        .errors(404);
    let at_once = futures::future::join_all((0..5).map(|_| reset(&realm, &token, OTHER))).await;
    assert_eq!(at_once.iter().filter(|reply| reply.status == 201).count(), 1);
    for used in [&token, &second] {
        let reply = reset(&realm, used, PASSWORD).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"]);
    }
    assert_eq!(realm.list("/v2/sessions").await.len(), 1);
}

#[tokio::test]
async fn t_16_a_token_lives_for_a_day() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let token = asked(&realm, "generate_password_token").await;
    app.clock.advance_ms(24 * 3600 * 1000 - 1);
    let other = asked(&realm, "generate_password_token").await;
    app.clock.advance_ms(1);
    reset(&realm, &token, OTHER).await.errors(422);
    reset(&realm, &other, OTHER).await.expect(201);
}

#[tokio::test]
async fn t_17_nothing_else_resets_a_password() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let user = realm.user("ana@example.com").await;
    other.user("ana@example.com").await;
    let session = realm.open(&user).await;
    let verify = asked(&realm, "request_email_verification").await;
    let pending = json!({"user": {"email_pending": "new@example.com"}});
    app.send(realm.core(Method::PUT, "/v2/users/ana@example.com").json(&pending))
        .await
        .expect(200);
    let good = asked(&realm, "generate_password_token").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for token in [
        String::new(),
        verify.clone(),
        verify.replace("tve:", "tpw:"),
        good.replace("tpw:", "tue:"),
        good.replace("tpw:", ""),
        asked(&other, "generate_password_token").await,
        text(&session["id"]),
        text(&session["token"]),
        text(&user["id"]),
    ] {
        let reply = reset(&realm, &token, OTHER).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"], "{token}");
    }
    assert_eq!(realm.list("/v2/sessions").await.len(), 1);
    // And it does nothing else.
    let elsewhere = json!({"user": {"token": good}});
    realm.create("/v2/users/verify_email", elsewhere).await.errors(422);
    reset(&realm, &good, OTHER).await.expect(201);
}

#[tokio::test]
async fn t_03_a_locked_key_resets_in_its_own_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    other.user("ana@example.com").await;
    let token = asked(&other, "generate_password_token").await;
    let key = app.key("write", Some(&own.id)).await;
    let body = json!({"user": {"token": token, "password": OTHER}});
    app.send(app.holder(&key, Method::POST, PATH).json(&body))
        .await
        .errors(422);
    let foreign = format!("{PATH}?realm_id={}", other.id);
    app.send(app.holder(&key, Method::POST, &foreign).json(&body))
        .await
        .errors(404);
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::POST, PATH).json(&body))
        .await
        .errors(403);
    reset(&other, &token, OTHER).await.expect(201);
}
