//! `GET /v2/events` with each of its filters (contract 5.2).

use gantry_kernel::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Receiver, TestRealm};

/// The types of what a filter leaves, newest first.
async fn types(realm: &TestRealm<'_>, filter: &str) -> Vec<String> {
    let list = realm.list(&format!("/v2/events?{filter}")).await;
    let name = |event: &Value| event["event_type"].as_str().unwrap().to_owned();
    list.iter().map(name).collect()
}

#[tokio::test]
async fn each_filter_leaves_what_it_names() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let receiver = Receiver::start().await;
    let hook = json!({"hook": {"destination": receiver.url, "event_type": ["org.created", "user.created"]}});
    let hook = realm.create("/v2/hooks", hook).await.expect(201);
    let created = realm
        .create("/v2/users", json!({"user": {"email": "ana@example.com"}}))
        .await;
    let user = created.expect(201);
    let org = realm
        .create("/v2/orgs", json!({"org": {"name": "One"}}))
        .await
        .expect(201);
    let ids = json!({"membership": {"user_id": user["id"], "org_id": org["id"]}});
    let membership = realm.create("/v2/memberships", ids).await.expect(201);
    let invitation = json!({"invitation_type": "org", "email": "bo@example.com", "org_id": org["id"]});
    let invitation = realm
        .create("/v2/invitations", json!({ "invitation": invitation }))
        .await
        .expect(201);
    app.clock.advance_ms(60_000);
    let late = realm.create("/v2/orgs", json!({"org": {"name": "Two"}})).await;
    app.event(&realm.id, late.request_id()).await;
    let id = |thing: &Value| thing["id"].as_str().unwrap().to_owned();
    let minute = app.clock.now_ms() / 1000;

    for (filter, expected) in [
        (
            format!("user_id={}", id(&user)),
            vec!["membership.created", "user.created"],
        ),
        (
            format!("org_id={}", id(&org)),
            vec!["invitation.org.created", "membership.created", "org.created"],
        ),
        (format!("membership_id={}", id(&membership)), vec!["membership.created"]),
        (
            format!("invitation_id={}", id(&invitation)),
            vec!["invitation.org.created"],
        ),
        (
            format!("hook_id={}", id(&hook)),
            vec!["org.created", "org.created", "user.created"],
        ),
        (format!("hook_id={}&event_type=user", id(&hook)), vec!["user.created"]),
        (
            format!("hook_id={}&org_id={}", id(&hook), id(&org)),
            vec!["org.created"],
        ),
        (
            format!("hook_id={}&created_at_before={minute}", id(&hook)),
            vec!["org.created", "user.created"],
        ),
        (format!("request_id={}", created.request_id()), vec!["user.created"]),
        (format!("created_at_after={minute}"), vec!["org.created"]),
        (
            format!("created_at_before={minute}&event_type=org"),
            vec!["org.created"],
        ),
        (
            format!("created_at_before={}&event_type=org", minute + 1),
            vec!["org.created"; 2],
        ),
        ("created_at_before=&event_type=org".to_owned(), vec!["org.created"; 2]),
        ("created_at_after=1&created_at_before=2".to_owned(), vec![]),
        (
            "event_type[]=user&event_type[]=org".to_owned(),
            vec!["org.created", "org.created", "user.created"],
        ),
        ("auth_provider_id=ap_0000000000000000000001".to_owned(), vec![]),
    ] {
        assert_eq!(types(&realm, &filter).await, expected, "{filter}");
    }
    for filter in [
        "user_id",
        "org_id",
        "membership_id",
        "invitation_id",
        "auth_provider_id",
        "hook_id",
        "request_id",
    ] {
        let path = format!("/v2/events?{filter}=none_1");
        app.send(realm.core(Method::GET, &path)).await.errors(422);
    }
}

#[tokio::test]
async fn the_provider_that_somebody_came_by_is_a_filter() {
    let (app, idp) = crate::common::external::with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let reply = realm.sign_in_at(&provider).await;
    reply.expect(201);
    app.events(&realm.id, reply.request_id(), 2).await;
    let path = format!("auth_provider_id={}", provider["id"].as_str().unwrap());
    // A login is the user's; that they are one is the provider's.
    assert_eq!(types(&realm, &path).await, ["user.created"]);
    assert_eq!(types(&realm, "").await, ["user.login.succeeded", "user.created"]);
}

#[tokio::test]
async fn t_03_a_foreign_hook_was_told_of_nothing() {
    let app = App::start_with(Receiver::allow).await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let receiver = Receiver::start().await;
    let hook = json!({"hook": {"destination": receiver.url}});
    let hook = realm.create("/v2/hooks", hook).await.expect(201);
    let made = realm.create("/v2/orgs", json!({"org": {"name": "One"}})).await;
    app.event(&realm.id, made.request_id()).await;
    let filter = format!("hook_id={}", hook["id"].as_str().unwrap());
    assert_eq!(types(&realm, &filter).await, ["org.created"]);
    assert!(types(&other, &filter).await.is_empty());
    assert!(
        types(
            &other,
            &format!("{filter}&org_id={}", made.json()["id"].as_str().unwrap())
        )
        .await
        .is_empty()
    );
}
