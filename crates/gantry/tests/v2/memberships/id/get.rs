//! `GET /v2/memberships/:id` (contract 3.4)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn a_membership_is_read_with_both_its_sides() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let made = realm.join(&user, &org).await;
    let shown = realm
        .read(&format!("/v2/memberships/{}", made["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(shown, made);
    assert_eq!(
        (&shown["user"]["email"], &shown["org"]["name"]),
        (&json!("ana@example.com"), &json!("One"))
    );
}

#[tokio::test]
async fn one_that_has_expired_is_gone() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let fields = json!({"user_id": user["id"], "org_id": org["id"], "expires_at": 1_767_225_601});
    let made = realm
        .create("/v2/memberships", json!({ "membership": fields }))
        .await
        .expect(201);
    let path = format!("/v2/memberships/{}", made["id"].as_str().unwrap());
    app.clock.advance_ms(999);
    realm.read(&path).await.expect(200);
    app.clock.advance_ms(1);
    realm.read(&path).await.errors(404);
}

#[tokio::test]
async fn t_03_one_of_another_realm_is_like_one_that_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let (user, org) = (other.user("ana@example.com").await, other.org("One").await);
    let made = other.join(&user, &org).await;
    let id = made["id"].as_str().unwrap();
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: &str| app.send(app.holder(&key, Method::GET, path));
    let unknown = read("/v2/memberships/mb_0000000000000000000000").await;
    unknown.errors(404);
    for path in [
        format!("/v2/memberships/{id}"),
        format!("/v2/memberships/{id}?realm_id={}", other.id),
        "/v2/memberships/nonsense".to_owned(),
    ] {
        let foreign = read(&path).await;
        assert_eq!((foreign.status, &foreign.text), (404, &unknown.text), "{path}");
    }
    own.read(&format!("/v2/memberships/{id}")).await.errors(404);
}
