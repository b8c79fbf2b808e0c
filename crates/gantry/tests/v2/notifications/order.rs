//! Hooks that are told each user's events in the order in which they happened (contract 5.5, beyond it).

use reqwest::Method;
use serde_json::{Value, json};

use super::{count, hook, until};
use crate::common::{App, Mood, Receiver, TestRealm};

async fn rename(realm: &TestRealm<'_>, user: &Value, name: &str) {
    let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
    let body = json!({"user": {"first_name": name}});
    realm
        .app
        .send(realm.core(Method::PUT, &path).json(&body))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_user_s_next_event_waits_for_the_one_before_and_other_users_do_not() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let (ana, bea) = (realm.user("ana@example.com").await, realm.user("bea@example.com").await);
    let mut receiver = Receiver::start().await;
    let types = ["user.updated", "user.deleted"];
    let id = hook(
        &realm,
        json!({"destination": receiver.url, "event_type": types, "ordered": true}),
    )
    .await;
    let shown = realm.read(&format!("/v2/hooks/{id}")).await.expect(200);
    assert_eq!(json!([shown["ordered"], shown["failing_since"]]), json!([true, null]));
    let waiting = format!("/v2/notifications?hook_id={id}&state=in_progress");
    receiver.set(Mood::Answers(500));
    rename(&realm, &ana, "A").await;
    until(&realm, &waiting, |shown| count(shown) == 1).await;
    // Held back for some seconds: an earlier one may come from another process.
    assert!(!receiver.has_more());
    app.clock.advance_ms(6_000);
    let first = receiver.next().await.json();
    until(&realm, &waiting, |shown| shown["collection"][0]["attempts"] == 1).await;
    receiver.set(Mood::Answers(200));
    rename(&realm, &ana, "B").await;
    rename(&realm, &bea, "C").await;
    until(&realm, &waiting, |shown| count(shown) == 3).await;
    app.clock.advance_ms(6_000);
    // The other user's arrives, and ana's second does not, although it is due.
    assert_eq!(receiver.next().await.json()["user_id"], bea["id"]);
    until(&realm, &waiting, |shown| count(shown) == 2).await;
    let path = format!("/v2/users/{}", ana["id"].as_str().unwrap());
    app.send(realm.core(Method::DELETE, &path)).await.expect(200);
    until(&realm, &waiting, |shown| count(shown) == 3).await;
    assert!(!receiver.has_more());
    app.clock.advance_ms(2 * 60_000);
    let mut came = Vec::new();
    for _ in 0..3 {
        came.push(receiver.next().await.json());
    }
    assert_eq!(came[0]["id"], first["id"]);
    let types: Vec<_> = came.iter().map(|event| event["event_type"].as_str().unwrap()).collect();
    assert_eq!(types, ["user.updated", "user.updated", "user.deleted"]);
    assert!(came.is_sorted_by_key(|event| event["id"].as_str().unwrap().to_owned()));
}

#[tokio::test]
async fn only_a_webhook_is_told_in_order() {
    let app = App::start().await;
    let realm = app.realm().await;
    let fields =
        json!({"hook_type": "email", "event_type": ["user.created"], "ordered": true, "alert_email": "ops@a.example"});
    let refused = realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(422);
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2, "{refused}");
    let fields = json!({"destination": "https://a.example", "alert_email": "nobody"});
    realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(422);
}
