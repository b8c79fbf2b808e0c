//! `DELETE /v2/users/:id` (contract 3.2)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, field, ip_and_client};

const PATH: &str = "/v2/users/ana@example.com";

async fn delete(realm: &TestRealm<'_>, path: &str) -> Reply {
    let body = json!({"request": ip_and_client()});
    realm.app.send(realm.core(Method::DELETE, path).json(&body)).await
}

#[tokio::test]
async fn a_user_goes_with_all_that_hangs_on_them() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let bea = realm.user("bea@example.com").await;
    let org = realm.org("One").await;
    let membership = realm.join(&user, &org).await;
    let kept = realm.join(&bea, &org).await;
    let session = realm.open(&user).await;
    let token = realm
        .create(&format!("{PATH}/generate_password_token"), json!({}))
        .await
        .expect(201);
    let reply = delete(&realm, PATH).await;
    assert_eq!(reply.expect(200), user, "its last state");
    realm.read(PATH).await.errors(404);
    assert_eq!(
        field(&realm.list("/v2/users").await, "id"),
        [bea["id"].as_str().unwrap()]
    );
    let path = |thing: &Value, of: &str| format!("/v2/{of}/{}", thing["id"].as_str().unwrap());
    realm.read(&path(&membership, "memberships")).await.errors(404);
    realm.read(&path(&session, "sessions")).await.errors(404);
    assert_eq!(realm.list("/v2/sessions").await, Vec::<Value>::new());
    let members = realm
        .list(&format!("/v2/memberships?org_id={}", org["id"].as_str().unwrap()))
        .await;
    assert_eq!(field(&members, "id"), [kept["id"].as_str().unwrap()]);
    let reset = json!({"user": {"token": token["token"], "password": "another long password"}});
    realm
        .create("/v2/users/reset_password_with_token", reset)
        .await
        .errors(422);
    let events = app.events(&realm.id, reply.request_id(), 2).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(types, ["session.deleted", "user.deleted"]);
    for event in &events {
        assert_eq!((&event["user_id"], &event["request"]), (&user["id"], &ip_and_client()));
    }
    delete(&realm, PATH).await.errors(404);
    // The address is free again, for somebody new.
    let again = realm.user("ana@example.com").await;
    assert_ne!(again["id"], user["id"]);
    assert_eq!(again["credentials"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_removes_a_user() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let foreign = other.user("ana@example.com").await;
    let writer = app.key("write", Some(&own.id)).await;
    let id = format!("/v2/users/{}", foreign["id"].as_str().unwrap());
    for path in [PATH.to_owned(), id.clone(), format!("{id}?realm_id={}", other.id)] {
        app.send(app.holder(&writer, Method::DELETE, &path)).await.errors(404);
    }
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::DELETE, &id)).await.errors(403);
    assert_eq!(other.read(PATH).await.expect(200), foreign);
    assert_eq!(other.history_types().await, ["user.created"]);
}

#[tokio::test]
async fn two_at_once_remove_once() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let (one, two) = futures::join!(delete(&realm, PATH), delete(&realm, PATH));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404]);
    assert_eq!(realm.history_types().await, ["user.created", "user.deleted"]);
}
