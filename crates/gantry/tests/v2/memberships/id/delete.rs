//! `DELETE /v2/memberships/:id` (contract 3.4)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, ip_and_client};

#[tokio::test]
async fn it_is_gone_and_the_same_two_can_be_joined_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let membership = realm.join(&user, &org).await;
    let path = format!("/v2/memberships/{}", membership["id"].as_str().unwrap());
    let delete = || {
        realm
            .core(Method::DELETE, &path)
            .json(&json!({"request": ip_and_client()}))
    };
    let reply = app.send(delete()).await;
    assert_eq!(reply.expect(200), membership, "its last state");
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (
            &event["event_type"],
            &event["membership_id"],
            &event["org_id"],
            &event["user_id"]
        ),
        (&json!("membership.deleted"), &membership["id"], &org["id"], &user["id"])
    );
    assert_eq!(event["request"], ip_and_client());
    app.send(delete()).await.errors(404);
    realm.read(&path).await.errors(404);
    let list = format!("/v2/memberships?org_id={}", org["id"].as_str().unwrap());
    assert_eq!(realm.list(&list).await, Vec::<Value>::new());
    let again = realm.join(&user, &org).await;
    assert_ne!(again["id"], membership["id"]);
    let types = realm.history_types().await;
    assert_eq!(types.iter().filter(|t| *t == "membership.deleted").count(), 1);
}

#[tokio::test]
async fn one_that_is_over_is_told_of_when_it_makes_room() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let ids = json!({"user_id": user["id"], "org_id": org["id"], "expires_at": 1_767_225_601});
    let over = realm
        .create("/v2/memberships", json!({ "membership": ids }))
        .await
        .expect(201);
    app.clock.advance_ms(1000);
    let path = format!("/v2/memberships/{}", over["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &path)).await.errors(404);
    realm.join(&user, &org).await;
    let history = realm.history().await;
    let told: Vec<_> = history
        .iter()
        .filter(|e| e["event_type"] == "membership.deleted")
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["membership_id"], over["id"]);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_removes_a_membership() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (user, org) = (other.user("ana@example.com").await, other.org("One").await);
    let foreign = other.join(&user, &org).await;
    let path = format!("/v2/memberships/{}", foreign["id"].as_str().unwrap());
    let writer = app.key("write", Some(&own.id)).await;
    for path in [path.clone(), format!("{path}?realm_id={}", other.id)] {
        app.send(app.holder(&writer, Method::DELETE, &path)).await.errors(404);
    }
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::DELETE, &path)).await.errors(403);
    assert_eq!(other.read(&path).await.expect(200), foreign);
}
