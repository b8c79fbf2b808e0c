//! `POST /v2/password/forgot` (contract 2.4)

use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

async fn forgot(realm: &TestRealm<'_>, who: &str) -> Reply {
    realm.post("/v2/password/forgot", json!({ "email": who })).await
}

#[tokio::test]
async fn whoever_is_named_in_any_way_gets_a_mail() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = json!({"email": "ana@example.com", "username": "ana"});
    let user = realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    for who in [" ANA@example.com", "Ana", user["id"].as_str().unwrap()] {
        let reply = forgot(&realm, who).await;
        assert_eq!(reply.expect(200), json!({"result": "okay"}));
        let event = app
            .event_of(&realm.id, reply.request_id(), "user.password.resetting")
            .await;
        assert_eq!(event["user_id"], user["id"]);
        assert!(event["token"].as_str().unwrap().starts_with("tpw:"));
        assert_eq!(event["request"]["ip"], "127.0.0.1");
    }
}

#[tokio::test]
async fn who_is_named_by_nothing_is_told() {
    let app = App::start().await;
    let realm = app.realm().await;
    for body in [json!({}), json!({"email": " "}), json!({"email": null})] {
        let reply = realm.post("/v2/password/forgot", body).await;
        assert_eq!(reply.errors(422), ["Email is required"]);
    }
    let strange = json!({"email": {"$ne": ""}});
    realm.post("/v2/password/forgot", strange).await.errors(400);
}

/// What answers tell apart: nothing but the time and the ids of requests.
fn told(reply: &Reply) -> (u16, Value, Vec<String>) {
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort();
    (reply.status, reply.json(), names)
}

#[tokio::test]
async fn t_07_known_and_unknown_are_one_answer_and_nobody_else_gets_mail() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    other.user("bob@example.com").await;
    let asleep = json!({"user": {"email": "off@example.com", "state": "inactive"}});
    realm.create("/v2/users", asleep).await.expect(201);
    let known = told(&forgot(&realm, "ana@example.com").await);
    let long = "x".repeat(5000);
    for who in [
        "nobody@example.com",
        "off@example.com",
        "bob@example.com",
        "usr_1",
        &long,
    ] {
        assert_eq!(told(&forgot(&realm, who).await), known, "{who}");
    }
    let types = realm.history_types().await;
    let mails = types.iter().filter(|name| *name == "user.password.resetting").count();
    assert_eq!(mails, 1);
}

#[tokio::test]
async fn t_38_a_mailbox_gets_a_few_mails_an_hour_however_it_is_named() {
    let app = App::start_with(|config| config.limits_enabled = true).await;
    let realm = app.realm().await;
    let user = json!({"email": "ana@example.com", "username": "ana"});
    realm.create("/v2/users", json!({ "user": user })).await.expect(201);
    for who in ["ana@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            assert_eq!(forgot(&realm, who).await.status, 200, "{who}");
        }
        // Known or not, the sixth is told the same.
        let reply = forgot(&realm, &who.to_uppercase()).await;
        let said = ["Enough mails were sent to this address; please wait a while and try again"];
        assert_eq!(reply.errors(422), said);
        app.clock.advance_ms(60_000);
    }
    for _ in 0..3 {
        forgot(&realm, "ana").await.expect(200);
    }
    let types = realm.history_types().await;
    let mails = types.iter().filter(|name| *name == "user.password.resetting").count();
    assert_eq!(mails, 5);
    app.clock.advance_ms(3_600_000);
    let reply = forgot(&realm, "ana@example.com").await;
    app.mailed(&realm.id, &reply, "user.password.resetting").await;
}

#[tokio::test]
async fn t_15_the_host_and_its_likes_are_no_part_of_what_is_mailed() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let request = realm
        .anyone(reqwest::Method::POST, "/v2/password/forgot")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .json(&json!({"email": "ana@example.com", "redirect_uri": "https://evil.example/"}));
    let reply = app.send(request).await;
    reply.expect(200);
    let event = app
        .event_of(&realm.id, reply.request_id(), "user.password.resetting")
        .await;
    assert!(!event.to_string().contains("evil"), "{event}");
}
