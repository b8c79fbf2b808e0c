//! `PUT /v2/credentials/:id` (contract 3.7)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, field, ip_and_client};

#[tokio::test]
async fn a_new_password_holds_at_once_and_is_an_event() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let id = user["credentials"][0]["id"].as_str().unwrap();
    let path = format!("/v2/credentials/{id}");
    let body = json!({
        "credential": {"password": "another horse", "password_confirmation": "another horse"},
        "request": ip_and_client(),
    });
    let reply = realm.change(&path, body).await;
    assert_eq!(reply.expect(200)["id"], id);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        json!([event["event_type"], event["user_id"], event["request"]]),
        json!(["user.password.updated", user["id"], ip_and_client()])
    );
    assert_eq!(realm.login("ana@example.com").await.errors(422), ["Login failed"]);
    let body = json!({"email": "ana@example.com", "password": "another horse"});
    realm.post("/v2/login", body).await.expect(200);
}

#[tokio::test]
async fn t_16_a_new_password_ends_what_the_old_one_began() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let half = realm.half("ana@example.com").await;
    let path = "/v2/users/ana@example.com/request_email_verification";
    let mail = realm.create(path, json!({})).await.expect(201)["token"].clone();
    let path = format!("/v2/credentials/{}", user["credentials"][0]["id"].as_str().unwrap());
    realm.open(&user).await;
    let body = json!({"credential": {"password": "another horse"}});
    let reply = realm.change(&path, body).await;
    reply.expect(200);
    // An administrative change of a password ends every session (contract 3.2).
    assert_eq!(realm.list("/v2/sessions").await.len(), 0);
    let events = app.events(&realm.id, reply.request_id(), 2).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(types, ["session.deleted", "user.password.updated"]);
    let code = authenticator.code(&app);
    realm.finish(&half, &code).await.errors(422);
    let body = json!({"user": {"token": mail}});
    realm.create("/v2/users/verify_email", body).await.errors(422);
    // The code was not used up by that.
    let body = json!({"user": {"password": "another horse"}});
    let half = realm.create("/v2/users/ana@example.com/authenticate", body).await;
    let half = half.expect(201)["token"].as_str().unwrap().to_owned();
    realm.finish(&half, &code).await.expect(201);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_the_password() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let path = format!("/v2/credentials/{}", user["credentials"][0]["id"].as_str().unwrap());
    for (wrong, text) in [
        (json!({}), "Password is required"),
        (
            json!({"password": "short"}),
            "The password must have at least 8 characters",
        ),
        (
            json!({"password": "long enough", "password_confirmation": "other"}),
            "Password confirmation does not match",
        ),
    ] {
        let body = json!({ "credential": wrong });
        assert_eq!(realm.change(&path, body).await.errors(422), [text]);
    }
    realm.login("ana@example.com").await.expect(200);
    let types = realm.history_types().await;
    assert!(!types.contains(&"user.password.updated".to_owned()), "{types:?}");
}

#[tokio::test]
async fn an_authenticator_app_is_renamed_and_stays_what_it_is() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let path = format!("/v2/credentials/{}", authenticator.id);
    let sent = json!({"credential": {"name": "Tablet", "state": "new", "otp_secret": "MFRGG", "user_id": "usr_x"}});
    let renamed = realm.change(&path, sent).await.expect(200);
    assert_eq!(
        json!([renamed["name"], renamed["state"], renamed["user_id"]]),
        json!(["Tablet", "active", user["id"]])
    );
    let token = realm.half("ana@example.com").await;
    realm.finish(&token, &authenticator.code(&app)).await.expect(201);
}

#[tokio::test]
async fn t_03_only_who_may_write_in_the_realm_changes_a_credential() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.user("ana@example.com").await;
    let path = format!("/v2/credentials/{}", theirs["credentials"][0]["id"].as_str().unwrap());
    let body = json!({"credential": {"password": "taken over!"}});
    let send =
        async |key: &str, path: &str, body: &Value| app.send(app.with_key(key, Method::PUT, path).json(body)).await;
    let locked = app.key("write", Some(&own.id)).await;
    send(&locked, &path, &body).await.errors(404);
    let read = app.key("read", Some(&other.id)).await;
    send(&read, &path, &body).await.errors(403);
    other.login("ana@example.com").await.expect(200);
}
