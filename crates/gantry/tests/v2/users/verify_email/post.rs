//! `POST /v2/users/verify_email` (contract 3.2)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, ip_and_client};

const PATH: &str = "/v2/users/verify_email";

async fn asked(realm: &TestRealm<'_>, action: &str) -> String {
    let path = format!("/v2/users/ana@example.com/{action}");
    let token = realm.create(&path, json!({})).await.expect(201);
    token["token"].as_str().unwrap().to_owned()
}

async fn verify(realm: &TestRealm<'_>, token: &str) -> Reply {
    let body = json!({"user": {"token": token}, "request": ip_and_client()});
    realm.create(PATH, body).await
}

#[tokio::test]
async fn t_16_the_token_verifies_the_address_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let (first, second) = (
        asked(&realm, "request_email_verification").await,
        asked(&realm, "request_email_verification").await,
    );
    let reply = verify(&realm, &first).await;
    let shown = reply.expect(200);
    assert_eq!(
        (&shown["object"], &shown["id"], &shown["email_verification"]),
        (&json!("user"), &user["id"], &json!("verified"))
    );
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"], &event["request"]),
        (&json!("user.email.verified"), &user["id"], &ip_and_client())
    );
    for used in [first, second] {
        verify(&realm, &used).await.errors(422);
    }
    assert_eq!(
        realm.history_types().await,
        [
            "user.created",
            "user.email.verifying",
            "user.email.verifying",
            "user.email.verified"
        ]
    );
}

#[tokio::test]
async fn t_17_nothing_else_verifies_an_address() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let user = realm.user("ana@example.com").await;
    other.user("ana@example.com").await;
    let session = realm.open(&user).await;
    let reset = asked(&realm, "generate_password_token").await;
    let foreign = asked(&other, "request_email_verification").await;
    let good = asked(&realm, "request_email_verification").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for token in [
        String::new(),
        reset.clone(),
        reset.replace("tpw:", "tve:"),
        good.replace("tve:", "tue:"),
        good.to_uppercase(),
        format!("{good}x"),
        foreign,
        text(&session["id"]),
        text(&session["token"]),
        text(&user["id"]),
        "tve:0000000000000000000000".to_owned(),
    ] {
        let reply = verify(&realm, &token).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"], "{token}");
    }
    for body in [json!({}), json!({"user": {}}), json!({"user": null})] {
        realm.create(PATH, body).await.errors(422);
    }
    realm.create(PATH, json!({"user": {"token": [1]}})).await.errors(400);
    let now = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(now["email_verification"], "requested");
    verify(&realm, &good).await.expect(200);
}

#[tokio::test]
async fn t_16_a_token_lives_for_a_week() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let token = asked(&realm, "request_email_verification").await;
    app.clock.advance_ms(7 * 24 * 3600 * 1000);
    verify(&realm, &token).await.errors(422);
}

/// Sets a pending address, and reads the token from the event, as a mail would.
async fn pending(realm: &TestRealm<'_>, address: &str) -> String {
    let body = json!({"user": {"email_pending": address}});
    let request = realm.core(Method::PUT, "/v2/users/ana@example.com").json(&body);
    let reply = realm.app.send(request).await;
    reply.expect(200);
    let events = realm.app.events(&realm.id, reply.request_id(), 2).await;
    let event = events.iter().find(|event| event["event_type"] == "user.email.updating");
    event.unwrap()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_pending_address_takes_the_place_of_the_other() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let token = pending(&realm, "new@example.com").await;
    assert!(token.starts_with("tue:"));
    let reset = asked(&realm, "generate_password_token").await;
    let reply = verify(&realm, &token).await;
    let shown = reply.expect(200);
    assert_eq!(
        (
            &shown["id"],
            &shown["email"],
            &shown["email_pending"],
            &shown["email_verification"]
        ),
        (&user["id"], &json!("new@example.com"), &Value::Null, &json!("verified"))
    );
    assert_eq!(
        app.event(&realm.id, reply.request_id()).await["event_type"],
        "user.email.verified"
    );
    realm.read("/v2/users/ana@example.com").await.errors(404);
    verify(&realm, &token).await.errors(422);
    // T-16: what was sent to the old address is worth nothing.
    let body = json!({"user": {"token": reset, "password": "another long password"}});
    realm
        .create("/v2/users/reset_password_with_token", body)
        .await
        .errors(422);
}

#[tokio::test]
async fn t_16_only_the_last_pending_address_counts_and_none_after_a_new_password() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let first = pending(&realm, "first@example.com").await;
    let second = pending(&realm, "second@example.com").await;
    verify(&realm, &first).await.errors(422);
    // Whoever lost the account for a moment has not left a way back in.
    let body = json!({"user": {"password": "another long password"}});
    app.send(realm.core(Method::PUT, "/v2/users/ana@example.com").json(&body))
        .await
        .expect(200);
    verify(&realm, &second).await.errors(422);
    let third = pending(&realm, "third@example.com").await;
    // Somebody else was faster.
    realm.user("third@example.com").await;
    assert_eq!(verify(&realm, &third).await.errors(422), ["Email is already in use"]);
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(
        (&shown["email"], &shown["email_pending"]),
        (&json!("ana@example.com"), &json!("third@example.com"))
    );
}
