//! `POST /v2/users/verify_email` (contract 3.2)

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
