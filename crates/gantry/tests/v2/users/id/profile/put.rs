//! `PUT /v2/users/:id/profile` (contract 3.2)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, field, ip_and_client};

const PATH: &str = "/v2/users/ana@example.com/profile";
const OTHER: &str = "another long password";

async fn put(realm: &TestRealm<'_>, user: Value) -> Reply {
    let body = json!({"user": user, "request": ip_and_client()});
    realm.app.send(realm.core(Method::PUT, PATH).json(&body)).await
}

#[tokio::test]
async fn users_change_what_is_theirs() {
    let app = App::start().await;
    let realm = app.realm().await;
    let mut user = realm.user("ana@example.com").await;
    let sent = json!({"first_name": "Ana", "last_name": "Ruiz", "username": "ana", "locale": "ja"});
    let reply = put(&realm, sent.clone()).await;
    user.as_object_mut().unwrap().extend(sent.as_object().unwrap().clone());
    user["name"] = json!("Ana Ruiz");
    assert_eq!(reply.expect(200), user);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"], &event["request"]),
        (&json!("user.profile.updated"), &user["id"], &ip_and_client())
    );
    let moved = put(&realm, json!({"email": "new@example.com", "last_name": null}))
        .await
        .expect(200);
    assert_eq!(
        (&moved["email"], &moved["email_verification"], &moved["name"]),
        (&json!("new@example.com"), &json!("none"), &json!("Ana"))
    );
}

#[tokio::test]
async fn t_34_what_a_back_end_decides_is_left_alone() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let sent = json!({
        "state": "inactive", "reference": "x", "custom": {"admin": true}, "email_verification": "verified",
        "email_pending": "new@example.com", "id": "usr_0000000000000000000000", "realm_id": "rl_0000000000000000000000",
        "memberships": [{"permissions": ["ar:owner"]}], "credentials": [], "present": ["state", "reference"],
        "last_login_at": 1,
    });
    assert_eq!(put(&realm, sent).await.expect(200), user);
    assert_eq!(realm.read("/v2/users/ana@example.com").await.expect(200), user);
    assert_eq!(realm.history_types().await, ["user.created"]);
}

#[tokio::test]
async fn t_05_where_addresses_are_verified_a_new_one_waits() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_verification": "required"})).await;
    realm.user("ana@example.com").await;
    let reply = put(&realm, json!({"email": "new@example.com"})).await;
    let shown = reply.expect(200);
    assert_eq!(
        (&shown["email"], &shown["email_pending"]),
        (&json!("ana@example.com"), &json!("new@example.com"))
    );
    let mut types = field(&app.events(&realm.id, reply.request_id(), 2).await, "event_type");
    types.sort();
    assert_eq!(types, ["user.email.updating", "user.profile.updated"]);
}

#[tokio::test]
async fn t_21_a_new_password_ends_sessions_but_those_to_keep() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let (kept, gone) = (realm.open(&user).await, realm.open(&user).await);
    let body = json!({"password": OTHER, "password_confirmation": OTHER, "keep_sessions": kept["id"]});
    let reply = put(&realm, body).await;
    reply.expect(200);
    assert_eq!(
        field(&realm.list("/v2/sessions").await, "id"),
        [kept["id"].as_str().unwrap()]
    );
    realm
        .read(&format!("/v2/sessions/{}", gone["id"].as_str().unwrap()))
        .await
        .errors(404);
    let mut types = field(&app.events(&realm.id, reply.request_id(), 3).await, "event_type");
    types.sort();
    assert_eq!(
        types,
        ["session.deleted", "user.password.updated", "user.profile.updated"]
    );
    let old = json!({"user": {"password": PASSWORD}});
    realm
        .create("/v2/users/ana@example.com/authenticate", old)
        .await
        .errors(422);
    put(&realm, json!({"password": PASSWORD})).await.expect(200);
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    realm.user("bea@example.com").await;
    for (body, count) in [
        (json!({"email": "bea@example.com"}), 1),
        (
            json!({"email": null, "username": "@", "password": "x", "locale": "xx"}),
            4,
        ),
        (json!({"password": OTHER, "password_confirmation": PASSWORD}), 1),
    ] {
        assert_eq!(put(&realm, body).await.errors(422).len(), count);
    }
    assert_eq!(realm.read("/v2/users/ana@example.com").await.expect(200), user);
    app.send(realm.core(Method::PUT, "/v2/users/nobody/profile"))
        .await
        .errors(404);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_changes_it() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let foreign = other.user("ana@example.com").await;
    let body = json!({"user": {"first_name": "Taken"}});
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
    assert_eq!(other.read("/v2/users/ana@example.com").await.expect(200), foreign);
}
