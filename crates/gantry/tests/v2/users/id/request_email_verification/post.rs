//! `POST /v2/users/:id/request_email_verification` (contract 3.2)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, ip_and_client};

const PATH: &str = "/v2/users/ana@example.com/request_email_verification";

#[tokio::test]
async fn the_address_is_asked_for_and_told_of() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    assert_eq!(user["email_verification"], "none");
    let reply = realm
        .create(PATH, json!({"user": {}, "request": ip_and_client()}))
        .await;
    let token = reply.expect(201);
    assert_eq!((&token["object"], &token["user_id"]), (&json!("token"), &user["id"]));
    assert!(token["token"].as_str().unwrap().starts_with("tve:"));
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"], &event["request"]),
        (&json!("user.email.verifying"), &user["id"], &ip_and_client())
    );
    let now = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(now["email_verification"], "requested");
}

#[tokio::test]
async fn one_who_is_verified_stays_so() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana@example.com", "email_verification": "verified"}});
    realm.create("/v2/users", body).await.expect(201);
    realm.create(PATH, json!({})).await.expect(201);
    let now = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(now["email_verification"], "verified");
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_asks() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    other.user("ana@example.com").await;
    let writer = app.key("write", Some(&own.id)).await;
    app.send(app.holder(&writer, Method::POST, PATH)).await.errors(404);
    let foreign = format!("{PATH}?realm_id={}", other.id);
    app.send(app.holder(&writer, Method::POST, &foreign)).await.errors(404);
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::POST, PATH)).await.errors(403);
    let now = other.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(now["email_verification"], "none");
}
