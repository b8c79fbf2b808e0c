//! What webhooks are told of events, when, and how often (contract 5.3, 5.5).

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Mood, Receiver, Reply, TestRealm};

const MINUTE: i64 = 60_000;

async fn hook(realm: &TestRealm<'_>, fields: Value) -> Value {
    realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(201)
}

async fn org(realm: &TestRealm<'_>, name: &str) -> Reply {
    let made = realm.create("/v2/orgs", json!({"org": {"name": name}})).await;
    made.expect(201);
    made
}

/// The only notification of the event of a call, once it is as it should be.
async fn notification(realm: &TestRealm<'_>, call: &Reply, good: impl Fn(&Value) -> bool) -> Value {
    let event = realm.app.event(&realm.id, call.request_id()).await;
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap());
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let shown = realm.read(&path).await.expect(200);
        let [one] = &shown["notifications"].as_array().unwrap()[..] else {
            panic!("not one notification: {shown}");
        };
        if good(one) {
            return one.clone();
        }
        assert!(tokio::time::Instant::now() < deadline, "still {one}");
        tokio::task::yield_now().await;
    }
}

fn state(wanted: &str) -> impl Fn(&Value) -> bool {
    move |one| one["state"] == wanted
}

#[tokio::test]
async fn t_28_a_webhook_is_told_what_a_reader_sees_and_can_tell_who_says_so() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    let address = receiver.url.replace("http://", "http://ana:s%40cret@");
    let made = hook(
        &realm,
        json!({"destination": format!("{address}?x=1"), "event_type": ["org.created"]}),
    )
    .await;
    hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["user.created"]}),
    )
    .await;
    hook(&realm, json!({"destination": receiver.url, "state": "inactive"})).await;
    let call = org(&realm, "One").await;
    let came = receiver.next().await;
    let told = notification(&realm, &call, state("completed")).await;
    assert_eq!(
        json!([
            told["object"],
            told["hook_id"],
            told["hook_type"],
            told["attempts"],
            told["last_result"],
            told["next_attempt_at"]
        ]),
        json!(["notification", made["id"], "webhook", 1, "200 OK", null])
    );
    assert_eq!(told["last_attempt_at"], 1_767_225_600.0);
    assert_eq!(
        told["last_destination"],
        format!("{}?x=1", address.replace("s%40cret", "***"))
    );

    assert_eq!(came.uri, "/hook?x=1");
    assert_eq!(came.header("authorization"), "Basic YW5hOnNAY3JldA==");
    assert_eq!(came.header("content-type"), "application/json");
    assert!(came.header("user-agent").starts_with("Gantry/"));
    assert_eq!(json!(came.header("webhook-id")), told["id"]);
    assert_eq!(came.header("webhook-timestamp"), "1767225600");
    assert_eq!(came.signed_by(&made["signing_secret"]), Some(0));
    let event = app.event(&realm.id, call.request_id()).await;
    let mut body = came.json();
    assert_eq!(body["notifications"][0]["id"], told["id"]);
    body["notifications"] = json!([]);
    // A list shows them when it is asked to.
    assert_eq!(body, event);
    let path = format!("/v2/events?request_id={}&expand=notifications", call.request_id());
    assert_eq!(realm.list(&path).await[0]["notifications"], json!([told]));
    assert!(!receiver.has_more());
    // A secret is shown once.
    let path = format!("/v2/hooks/{}", made["id"].as_str().unwrap());
    assert!(realm.read(&path).await.expect(200).get("signing_secret").is_none());
}

#[tokio::test]
async fn t_33_no_token_is_told() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["user.password.resetting"]}),
    )
    .await;
    realm.user("ana@example.com").await;
    let path = "/v2/users/ana@example.com/generate_password_token";
    let token = realm.create(path, json!({})).await.expect(201);
    let came = receiver.next().await;
    assert!(
        !String::from_utf8(came.body)
            .unwrap()
            .contains(token["token"].as_str().unwrap())
    );
}

#[tokio::test]
async fn what_fails_is_tried_again_after_growing_pauses_and_given_up_after_two_days() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
    receiver.set(Mood::Answers(500));
    hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"]}),
    )
    .await;
    hook(
        &realm,
        json!({"destination": other.url, "event_type": ["user.created"]}),
    )
    .await;
    let call = org(&realm, "One").await;
    let first = receiver.next().await;
    let mut clock = 1_767_225_600.0;
    for (attempt, minutes) in (1..).zip([1, 5, 15, 60, 180, 360, 720, 1440]) {
        let tried = |one: &Value| one["attempts"] == attempt;
        let told = notification(&realm, &call, tried).await;
        assert_eq!(
            json!([told["state"], told["last_result"]]),
            json!(["in_progress", "500 Internal Server Error: said so"])
        );
        let due = told["next_attempt_at"].as_f64().unwrap();
        let pause = (due - clock) / 60.0;
        let minutes = f64::from(minutes);
        assert!((minutes * 0.89..=minutes * 1.11).contains(&pause), "{attempt}: {pause}");
        if attempt == 1 {
            // Not before: whatever is told in between, this is not.
            app.clock.advance_ms(30_000);
            clock += 30.0;
            realm.user("ana@example.com").await;
            other.next().await;
            assert!(!receiver.has_more());
        }
        let rest = (due - clock) * 1000.0;
        app.clock.advance_ms(rest.ceil() as i64);
        clock += rest.ceil() / 1000.0;
        let again = receiver.next().await;
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
        assert_eq!(again.json()["id"], first.json()["id"]);
    }
    let told = notification(&realm, &call, state("failed")).await;
    assert_eq!(json!([told["attempts"], told["next_attempt_at"]]), json!([9, null]));
    app.clock.advance_ms(7 * 24 * 60 * MINUTE);
    realm.user("bea@example.com").await;
    other.next().await;
    assert!(!receiver.has_more());
}

#[tokio::test]
async fn what_is_back_gets_what_it_missed() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    receiver.set(Mood::Answers(503));
    hook(&realm, json!({"destination": receiver.url})).await;
    let call = org(&realm, "One").await;
    receiver.next().await;
    notification(&realm, &call, |one| one["attempts"] == 1).await;
    receiver.set(Mood::Answers(204));
    app.clock.advance_ms(2 * MINUTE);
    receiver.next().await;
    let told = notification(&realm, &call, state("completed")).await;
    assert_eq!(
        json!([told["attempts"], told["last_result"]]),
        json!([2, "204 No Content"])
    );
}

#[tokio::test]
async fn one_that_is_silent_holds_up_no_other() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let (mut dead, mut well) = (Receiver::start().await, Receiver::start().await);
    dead.set(Mood::Silent);
    hook(&realm, json!({"destination": dead.url, "event_type": ["org.created"]})).await;
    hook(&realm, json!({"destination": well.url, "event_type": ["org.created"]})).await;
    for n in 0..20 {
        org(&realm, &format!("Org {n}")).await;
    }
    // All of these arrive while the other has answered none.
    for _ in 0..20 {
        well.next().await;
    }
    let mut asked = 0;
    while dead.has_more() {
        asked += 1;
    }
    // And it is not asked for all of them at once.
    assert!((1..=8).contains(&asked), "{asked}");
}

#[tokio::test]
async fn one_that_fails_again_and_again_is_left_alone_for_a_while() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
    receiver.set(Mood::Answers(500));
    hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"]}),
    )
    .await;
    hook(
        &realm,
        json!({"destination": other.url, "event_type": ["user.created"]}),
    )
    .await;
    for n in 0..5 {
        let call = org(&realm, &format!("Org {n}")).await;
        receiver.next().await;
        notification(&realm, &call, |one| one["attempts"] == 1).await;
    }
    let late = org(&realm, "Late").await;
    realm.user("ana@example.com").await;
    other.next().await;
    let told = notification(&realm, &late, |_| true).await;
    assert_eq!(json!([told["state"], told["attempts"]]), json!(["in_progress", 0]));
    // Back again, it gets all, what it was not asked for first.
    receiver.set(Mood::Answers(200));
    app.clock.advance_ms(2 * MINUTE);
    notification(&realm, &late, state("completed")).await;
}

#[tokio::test]
async fn a_delay_is_kept_and_what_is_switched_off_meanwhile_is_called_off() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
    let late = hook(
        &realm,
        json!({"destination": receiver.url, "event_type": ["org.created"], "delay": 600}),
    )
    .await;
    hook(
        &realm,
        json!({"destination": other.url, "event_type": ["user.created"]}),
    )
    .await;
    let call = org(&realm, "One").await;
    let told = notification(&realm, &call, |_| true).await;
    assert_eq!(
        json!([told["state"], told["attempts"], told["next_attempt_at"]]),
        json!(["in_progress", 0, 1_767_226_200.0])
    );
    app.clock.advance_ms(9 * MINUTE);
    realm.user("ana@example.com").await;
    other.next().await;
    assert!(!receiver.has_more());
    app.clock.advance_ms(MINUTE);
    receiver.next().await;
    notification(&realm, &call, state("completed")).await;

    let path = format!("/v2/hooks/{}", late["id"].as_str().unwrap());
    for (method, body) in [
        (Method::PUT, json!({"hook": {"state": "inactive"}})),
        (Method::DELETE, json!({})),
    ] {
        let on = realm
            .core(Method::PUT, &path)
            .json(&json!({"hook": {"state": "active"}}));
        app.send(on).await.expect(200);
        let call = org(&realm, &format!("Then {method}")).await;
        notification(&realm, &call, state("in_progress")).await;
        app.send(realm.core(method, &path).json(&body)).await.expect(200);
        let told = notification(&realm, &call, state("canceled")).await;
        assert_eq!(json!([told["attempts"], told["next_attempt_at"]]), json!([0, null]));
    }
    app.clock.advance_ms(60 * MINUTE);
    realm.user("bea@example.com").await;
    other.next().await;
    assert!(!receiver.has_more());
}

#[tokio::test]
async fn t_27_no_address_inside_is_called_and_no_redirect_followed() {
    let mut receiver = Receiver::start().await;
    let app = App::start().await;
    let realm = app.realm().await;
    hook(&realm, json!({"destination": receiver.url})).await;
    let call = org(&realm, "One").await;
    let told = notification(&realm, &call, |one| one["attempts"] == 1).await;
    assert_eq!(told["last_result"], "the address must not be called");
    assert!(!receiver.has_more());

    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    receiver.set(Mood::Redirects);
    hook(&realm, json!({"destination": receiver.url})).await;
    let call = org(&realm, "One").await;
    receiver.next().await;
    let told = notification(&realm, &call, |one| one["attempts"] == 1).await;
    assert_eq!(told["last_result"], "307 Temporary Redirect");
    assert!(!receiver.has_more());
}

#[tokio::test]
async fn t_03_another_realm_s_events_are_told_to_nobody() {
    let app = App::start_with(Receiver::allow).await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let mut receiver = Receiver::start().await;
    hook(&realm, json!({"destination": receiver.url})).await;
    let theirs = org(&other, "Theirs").await;
    let event = app.event(&other.id, theirs.request_id()).await;
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap());
    assert_eq!(other.read(&path).await.expect(200)["notifications"], json!([]));
    org(&realm, "Own").await;
    assert_eq!(receiver.next().await.json()["realm_id"], realm.id);
    assert!(!receiver.has_more());
}
