//! `/v2/notifications` and `/v2/replays`: the log of deliveries, and what is told once more (contract 5.3).

mod order;
mod switched_off;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Mood, Receiver, TestRealm};

async fn hook(realm: &TestRealm<'_>, fields: Value) -> String {
    let made = realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// Asks until the answer is as it should be: what is delivered is delivered in its own time.
async fn until(realm: &TestRealm<'_>, path: &str, good: impl Fn(&Value) -> bool) -> Value {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let shown = realm.read(path).await.expect(200);
        if good(&shown) {
            return shown;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {shown}");
        tokio::task::yield_now().await;
    }
}

fn count(shown: &Value) -> usize {
    shown["collection"].as_array().unwrap().len()
}

/// Makes orgs, each of which is told, and waits until the hook has as many notifications in a state.
async fn told(realm: &TestRealm<'_>, hook: &str, orgs: usize, state: &str) -> Vec<Value> {
    for n in 0..orgs {
        realm.org(&format!("Org {n}")).await;
    }
    let path = format!("/v2/notifications?hook_id={hook}&state={state}&direction=asc");
    let shown = until(realm, &path, |shown| count(shown) == orgs).await;
    shown["collection"].as_array().unwrap().clone()
}

async fn switch(realm: &TestRealm<'_>, hook: &str, state: &str) {
    let body = json!({"hook": {"state": state}});
    let sent = realm.core(Method::PUT, &format!("/v2/hooks/{hook}")).json(&body);
    realm.app.send(sent).await.expect(200);
}

#[tokio::test]
async fn the_log_tells_of_each_attempt_when_how_long_and_what_was_answered() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    receiver.set(Mood::Answers(503));
    let id = hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"]}),
    )
    .await;
    let call = realm.create("/v2/orgs", json!({"org": {"name": "One"}})).await;
    let event = app.event(&realm.id, call.request_id()).await;
    receiver.next().await;
    let list = format!("/v2/notifications?hook_id={id}");
    let shown = until(&realm, &list, |shown| shown["collection"][0]["attempts"] == 1).await;
    let one = &shown["collection"][0];
    assert_eq!(
        json!([
            one["object"],
            one["hook_id"],
            one["event_id"],
            one["event_type"],
            one["state"]
        ]),
        json!(["notification", id, event["id"], "org.created", "in_progress"])
    );
    receiver.set(Mood::Answers(200));
    app.clock.advance_ms(2 * 60_000);
    receiver.next().await;
    let path = format!("/v2/notifications/{}", one["id"].as_str().unwrap());
    let shown = until(&realm, &path, |shown| shown["state"] == "completed").await;
    assert_eq!(shown["attempts"], 2);
    let [first, second] = &shown["attempt_log"].as_array().unwrap()[..] else {
        panic!("not two attempts: {shown}");
    };
    assert_eq!(
        json!([
            first["number"],
            first["attempted_at"],
            first["outcome"],
            first["status"],
            first["result"]
        ]),
        json!([1, 1_767_225_600.0, "failed", 503, "503 Service Unavailable: said so"])
    );
    assert_eq!(
        json!([
            second["number"],
            second["attempted_at"],
            second["outcome"],
            second["status"],
            second["destination"]
        ]),
        json!([2, 1_767_225_720.0, "delivered", 200, receiver.url])
    );
    assert!(first["duration"].as_f64().unwrap() >= 0.0);
    // Nothing of it in a list, nor beside the event.
    let told = realm
        .read(&format!("/v2/events/{}", event["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert!(told["notifications"][0].get("event_id").is_none());
}

#[tokio::test]
async fn lists_are_by_hook_state_and_time_in_pages() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let (well, ill) = (Receiver::start().await, Receiver::start().await);
    ill.set(Mood::Answers(500));
    let good = hook(&realm, json!({"destination": well.url, "event_type": ["org.created"]})).await;
    let bad = hook(&realm, json!({"destination": ill.url, "event_type": ["org.created"]})).await;
    let done = told(&realm, &good, 3, "completed").await;
    let waits = format!("/v2/notifications?hook_id={bad}&state=in_progress");
    until(&realm, &waits, |shown| count(shown) == 3).await;
    // All hooks', the latest first, page by page.
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = realm
            .read(&format!("/v2/notifications?max_results=4{after}"))
            .await
            .expect(200);
        let ids = page["collection"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned());
        seen.extend(ids);
        if page["more_results"] == false {
            break;
        }
        after = format!("&after={}", seen.last().unwrap());
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    let failed = realm
        .list(&format!("/v2/notifications?hook_id={good}&state=failed"))
        .await;
    assert_eq!(failed, [] as [Value; 0]);
    let earlier = realm.list("/v2/notifications?created_at_before=1767225600").await;
    assert_eq!(earlier, [] as [Value; 0]);
    let from = realm
        .list(&format!(
            "/v2/notifications?hook_id={good}&created_at_after=1767225600&created_at_before=1767225601"
        ))
        .await;
    assert_eq!(from.len(), done.len());
    for (query, word) in [
        ("state=lost", "state"),
        ("max_results=0", "results"),
        ("sort=name", "sort"),
    ] {
        let refused = realm.read(&format!("/v2/notifications?{query}")).await.expect(422);
        assert!(refused.to_string().to_lowercase().contains(word), "{query}: {refused}");
    }
    realm
        .read("/v2/notifications?hook_id=hk_0000000000000000000000")
        .await
        .expect(404);
}

#[tokio::test]
async fn one_is_told_once_more_whatever_became_of_it() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    let id = hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"]}),
    )
    .await;
    let done = told(&realm, &id, 1, "completed").await.remove(0);
    let first = receiver.next().await;
    let path = format!("/v2/notifications/{}", done["id"].as_str().unwrap());
    let replay = format!("{path}/replay");
    receiver.set(Mood::Answers(500));
    let shown = realm.create(&replay, json!({})).await.expect(200);
    assert_eq!(
        json!([shown["id"], shown["object"]]),
        json!([done["id"], "notification"])
    );
    // It is known by what it was known by, and has its two days again.
    let again = receiver.next().await;
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    let shown = until(&realm, &path, |shown| shown["attempts"] == 2).await;
    assert_eq!(shown["state"], "in_progress");
    let pause = shown["next_attempt_at"].as_f64().unwrap() - 1_767_225_600.0;
    assert!((54.0..=66.0).contains(&pause), "{pause}");
    // What waits is tried now.
    receiver.set(Mood::Answers(200));
    realm.create(&replay, json!({})).await.expect(200);
    receiver.next().await;
    until(&realm, &path, |shown| {
        shown["state"] == "completed" && shown["attempts"] == 3
    })
    .await;
    // To a hook that is switched off nothing is told.
    switch(&realm, &id, "inactive").await;
    let refused = realm.create(&replay, json!({})).await.expect(422);
    assert_eq!(
        refused["errors"],
        json!(["The hook is switched off: switch it on first"])
    );
    realm
        .create("/v2/notifications/ent_0000000000000000000000/replay", json!({}))
        .await
        .expect(404);
}

#[tokio::test]
async fn all_that_failed_or_a_stretch_of_time_is_told_once_more() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    let id = hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"], "delay": 60}),
    )
    .await;
    for n in 0..3 {
        realm.org(&format!("Org {n}")).await;
    }
    let path = format!("/v2/notifications?hook_id={id}");
    until(&realm, &path, |shown| count(shown) == 3).await;
    // What was called off when the hook was switched off.
    switch(&realm, &id, "inactive").await;
    until(&realm, &format!("{path}&state=canceled"), |shown| count(shown) == 3).await;
    let replay = async |fields: Value| realm.create("/v2/replays", json!({ "replay": fields })).await;
    let refused = replay(json!({"hook_id": id, "state": "canceled", "created_at_after": 1}))
        .await
        .expect(422);
    assert_eq!(
        refused["errors"],
        json!(["The hook is switched off: switch it on first"])
    );
    switch(&realm, &id, "active").await;
    assert!(!receiver.has_more());
    // Nothing has failed; what was called off is told if it is asked for, from a time on.
    let none = replay(json!({})).await.expect(201);
    assert_eq!(
        none,
        json!({"object": "replay", "replayed": 0, "more_results": false, "after": null})
    );
    replay(json!({"state": "canceled"})).await.expect(422);
    replay(json!({"state": "sideways"})).await.expect(422);
    let later = replay(json!({"state": "canceled", "created_at_after": 1_767_225_601}))
        .await
        .expect(201);
    assert_eq!(later["replayed"], 0);
    let begun =
        replay(json!({"hook_id": id, "state": "all", "created_at_after": 1, "created_at_before": 1_767_225_601}))
            .await
            .expect(201);
    assert_eq!(json!([begun["replayed"], begun["more_results"]]), json!([3, false]));
    for _ in 0..3 {
        receiver.next().await;
    }
    until(&realm, &format!("{path}&state=completed"), |shown| count(shown) == 3).await;
    // Whoever goes on behind the last finds nothing.
    let rest = json!({"state": "completed", "created_at_after": 1, "after": begun["after"]});
    assert_eq!(replay(rest).await.expect(201)["replayed"], 0);
    assert!(!receiver.has_more());
}
