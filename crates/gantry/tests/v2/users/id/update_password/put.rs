//! `PUT /v2/users/:id/update_password` (contract 3.2)

use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, field, ip_and_client};

const PATH: &str = "/v2/users/ana@example.com/update_password";
const OTHER: &str = "another long password";

async fn change(realm: &TestRealm<'_>, user: Value) -> Reply {
    let body = json!({"user": user, "request": ip_and_client()});
    realm.app.send(realm.core(Method::PUT, PATH).json(&body)).await
}

async fn logs_in(realm: &TestRealm<'_>, password: &str) -> bool {
    let body = json!({"user": {"password": password}});
    realm
        .create("/v2/users/ana@example.com/authenticate", body)
        .await
        .status
        == 201
}

#[tokio::test]
async fn whoever_knows_the_password_changes_it_and_sessions_stay() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.open(&user).await;
    let body = json!({"current_password": PASSWORD, "password": OTHER, "password_confirmation": OTHER});
    let reply = change(&realm, body).await;
    assert_eq!(reply.expect(200), user);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"], &event["request"]),
        (&json!("user.password.updated"), &user["id"], &ip_and_client())
    );
    realm
        .read(&format!("/v2/sessions/{}", session["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert!(!logs_in(&realm, PASSWORD).await);
    assert!(logs_in(&realm, OTHER).await);
}

#[tokio::test]
async fn t_21_sessions_end_where_asked() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let (mine, other) = (realm.open(&user).await, realm.open(&user).await);
    let id = mine["id"].as_str().unwrap();
    let mut body = json!({"current_password": PASSWORD, "password": OTHER, "keep_sessions": &id[..26]});
    let reply = change(&realm, body.clone()).await;
    reply.expect(200);
    assert_eq!(field(&realm.list("/v2/sessions").await, "id"), [id]);
    let events = app.events(&realm.id, reply.request_id(), 2).await;
    let ended = events
        .iter()
        .find(|event| event["event_type"] == "session.deleted")
        .unwrap();
    assert!(
        other["id"]
            .as_str()
            .unwrap()
            .starts_with(ended["session_id"].as_str().unwrap())
    );
    body["current_password"] = json!(OTHER);
    body["keep_sessions"] = json!("none");
    change(&realm, body.clone()).await.expect(200);
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
    body["keep_sessions"] = json!("mine");
    let refused = change(&realm, body).await;
    assert_eq!(
        refused.errors(422),
        ["Sessions to keep must be all, none or the id of a session"]
    );
}

#[tokio::test]
async fn t_16_tokens_end_with_the_password_that_they_were_made_for() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let token = realm
        .create("/v2/users/ana@example.com/generate_password_token", json!({}))
        .await;
    let body = json!({"current_password": PASSWORD, "password": OTHER});
    change(&realm, body).await.expect(200);
    let reset = json!({"user": {"token": token.expect(201)["token"], "password": PASSWORD}});
    realm
        .create("/v2/users/reset_password_with_token", reset)
        .await
        .errors(422);
    assert!(logs_in(&realm, OTHER).await);
}

#[tokio::test]
async fn a_wrong_password_changes_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    for current in ["wrong password", &PASSWORD.to_uppercase(), &"x".repeat(5000)] {
        let body = json!({"current_password": current, "password": OTHER});
        assert_eq!(
            change(&realm, body).await.errors(422),
            ["Current password does not match"]
        );
    }
    for (body, count) in [
        (json!({}), 2),
        (json!({"password": OTHER}), 1),
        (json!({"current_password": PASSWORD}), 1),
        (json!({"current_password": PASSWORD, "password": "short"}), 1),
        (
            json!({"current_password": PASSWORD, "password": OTHER, "password_confirmation": "x"}),
            1,
        ),
    ] {
        assert_eq!(change(&realm, body).await.errors(422).len(), count);
    }
    let spanish = realm
        .core(Method::PUT, PATH)
        .header(ACCEPT_LANGUAGE, "es")
        .json(&json!({"user": {"current_password": "no", "password": OTHER}}));
    assert_eq!(
        app.send(spanish).await.errors(422),
        ["La contraseña actual no coincide"]
    );
    assert!(logs_in(&realm, PASSWORD).await);
    let types = realm.history_types().await;
    assert_eq!(types, ["user.created", "user.login.succeeded"]);
}

#[tokio::test]
async fn one_without_a_password_knows_none() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm
        .create("/v2/users", json!({"user": {"email": "ana@example.com"}}))
        .await
        .expect(201);
    let body = json!({"current_password": PASSWORD, "password": OTHER});
    assert_eq!(
        change(&realm, body).await.errors(422),
        ["Current password does not match"]
    );
}

#[tokio::test]
async fn t_11_guessing_here_is_bounded_like_a_login() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    for _ in 0..10 {
        let body = json!({"current_password": "wrong password", "password": OTHER});
        assert_eq!(
            change(&realm, body).await.errors(422),
            ["Current password does not match"]
        );
    }
    let right = json!({"current_password": PASSWORD, "password": OTHER});
    let late = change(&realm, right).await;
    assert!(late.errors(422)[0].starts_with("Too many password attempts"));
    assert!(!logs_in(&realm, PASSWORD).await, "one count for both");
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_changes_it() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    other.user("ana@example.com").await;
    let body = json!({"user": {"current_password": PASSWORD, "password": OTHER}});
    let writer = app.key("write", Some(&own.id)).await;
    for path in [PATH.to_owned(), format!("{PATH}?realm_id={}", other.id)] {
        app.send(app.holder(&writer, Method::PUT, &path).json(&body))
            .await
            .errors(404);
    }
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::PUT, PATH).json(&body))
        .await
        .errors(403);
    assert!(logs_in(&other, PASSWORD).await);
}
