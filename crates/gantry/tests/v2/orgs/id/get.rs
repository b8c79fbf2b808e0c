//! `GET /v2/orgs/:id` (contract 3.3)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, PASSWORD, field};

#[tokio::test]
async fn memberships_come_when_asked_with_their_users() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (org, other) = (realm.org("One").await, realm.org("Two").await);
    let (ana, bob) = (realm.user("ana@example.com").await, realm.user("bob@example.com").await);
    let joined = [realm.join(&bob, &org).await, realm.join(&ana, &org).await];
    realm.join(&ana, &other).await;
    let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), org);
    for query in [
        "expand=memberships",
        "expands=memberships",
        "expand[]=memberships",
        "expand=custom,memberships",
    ] {
        let reply = realm.read(&format!("{path}?{query}")).await;
        let shown = reply.expect(200);
        let memberships = shown["memberships"].as_array().unwrap();
        assert_eq!(field(memberships, "id"), field(&joined, "id"), "{query}");
        assert_eq!(
            (&memberships[0]["user"]["email"], &memberships[0]["user"]["object"]),
            (&bob["email"], &json!("user"))
        );
        assert!(memberships[0].get("org").is_none());
        assert!(!reply.text.contains(PASSWORD));
    }
    realm.read(&format!("{path}?expand=users")).await.errors(422);
}

#[tokio::test]
async fn an_expired_membership_is_not_shown() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, org) = (realm.user("ana@example.com").await, realm.org("One").await);
    let membership = json!({"user_id": user["id"], "org_id": org["id"], "expires_at": 1_767_225_601.5});
    realm
        .create("/v2/memberships", json!({ "membership": membership }))
        .await
        .expect(201);
    let path = format!("/v2/orgs/{}?expand=memberships", org["id"].as_str().unwrap());
    app.clock.advance_ms(1_499);
    assert_eq!(
        realm.read(&path).await.expect(200)["memberships"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    app.clock.advance_ms(1);
    assert_eq!(realm.read(&path).await.expect(200)["memberships"], json!([]));
}

#[tokio::test]
async fn t_03_an_org_of_another_realm_is_like_one_that_is_not_there() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let org = other.org("Theirs").await;
    let id = org["id"].as_str().unwrap();
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: &str| app.send(app.holder(&key, Method::GET, path));
    let unknown = read("/v2/orgs/org_0000000000000000000000").await;
    unknown.errors(404);
    for path in [
        format!("/v2/orgs/{id}"),
        format!("/v2/orgs/{id}?expand=memberships"),
        format!("/v2/orgs/{id}?realm_id={}", other.id),
        "/v2/orgs/Theirs".to_owned(),
        "/v2/orgs/'%20OR%201=1--".to_owned(),
    ] {
        let foreign = read(&path).await;
        assert_eq!((foreign.status, &foreign.text), (404, &unknown.text), "{path}");
    }
    own.read(&format!("/v2/orgs/{id}")).await.errors(404);
    assert_eq!(other.read(&format!("/v2/orgs/{id}")).await.expect(200), org);
}
