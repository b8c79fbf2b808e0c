//! T-07, T-08, T-15, T-30: what strangers learn, and where mails go

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

/// What answers tell apart: nothing but the time, the ids of requests, and what only looks random.
fn told(reply: &Reply) -> (u16, Value, Vec<String>) {
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let mut body = reply.json();
    if let Some(token) = body.get("token").and_then(Value::as_str).map(str::len) {
        body["token"] = json!(token);
    }
    (reply.status, body, names)
}

async fn served(app: &App) -> TestRealm<'_> {
    app.realm_with(json!({"email_login": "both"})).await
}

#[tokio::test]
async fn t_07_known_and_unknown_are_one_answer_and_nobody_else_gets_mail() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (realm, other) = (served(&app).await, served(&app).await);
    realm.user("ana@example.com").await;
    other.user("bob@example.com").await;
    let asleep = json!({"user": {"email": "off@example.com", "state": "inactive"}});
    realm.create("/v2/users", asleep).await.expect(201);
    let known = told(&realm.ask_for_mail("ana@example.com").await);
    for who in ["eve@example.com", "off@example.com", "bob@example.com"] {
        assert_eq!(told(&realm.ask_for_mail(who).await), known, "{who}");
    }
    // Names that can be nobody's get the same, but for the length of what they are themselves.
    for who in ["usr_1".to_owned(), "x".repeat(5000), "%".to_owned(), "é".repeat(400)] {
        let reply = realm.ask_for_mail(&who).await;
        let said = reply.expect(200);
        assert_eq!(said["result"], "login_requested");
        let body = json!({"token": said["token"], "code": "12345678"});
        assert_eq!(realm.enter(body).await.errors(422), ["Verification failed"]);
    }
    let types = realm.history_types().await;
    let mails = types.iter().filter(|name| *name == "user.login.requested").count();
    assert_eq!(mails, 1);
}

/// A stranger who guesses hears the same whether the account is there, each time.
#[tokio::test]
async fn t_07_guesses_at_users_and_at_nobody_are_answered_alike() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.user("ana@example.com").await;
    let asleep = json!({"user": {"email": "off@example.com", "state": "inactive"}});
    realm.create("/v2/users", asleep).await.expect(201);
    let mut heard = Vec::new();
    for who in ["ana@example.com", "eve@example.com", "off@example.com"] {
        let handle = realm.ask_for_mail(who).await.expect(200)["token"].clone();
        let mut answers = Vec::new();
        for code in ["1", "00000000", "11111111"].into_iter().chain(["22222222"; 10]) {
            let reply = realm.enter(json!({"token": handle, "code": code})).await;
            let (status, body, mut names) = told(&reply);
            names.retain(|name| !name.starts_with("ratelimit"));
            answers.push((status, body, names));
        }
        assert!(answers[12].1["error"].as_str().unwrap().contains("Too many"));
        app.clock.advance_ms(899_999);
        let reply = realm.enter(json!({"token": handle, "code": "00000000"})).await;
        answers.push(told(&reply));
        app.clock.advance_ms(1);
        let reply = realm.enter(json!({"token": handle, "code": "00000000"})).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"]);
        heard.push(answers);
    }
    assert_eq!(heard[0], heard[1]);
    assert_eq!(heard[0], heard[2]);
    // Each guess is an event, as each wrong password is.
    let mut failed = realm.history().await;
    failed.retain(|event| event["event_type"] == "user.login.failed");
    assert_eq!(failed.len(), 3 * 11);
    let named = failed
        .iter()
        .filter(|event| event.get("user_id").is_some_and(Value::is_string));
    assert_eq!(named.count(), 2 * 11);
}

#[tokio::test]
async fn t_15_the_host_and_its_likes_are_no_part_of_what_is_mailed() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.user("ana@example.com").await;
    let request = realm
        .anyone(Method::POST, "/v2/login/email")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .json(&json!({"email": "ana@example.com", "redirect_uri": "https://evil.example/", "account": "org_evil"}));
    let reply = app.send(request).await;
    reply.expect(200);
    let event = app
        .event_of(&realm.id, reply.request_id(), "user.login.requested")
        .await;
    assert!(!event.to_string().contains("evil"), "{event}");
}

#[tokio::test]
async fn t_22_nobody_chooses_the_session_that_a_mail_opens() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    let held = realm.session_of("ana@example.com").await;
    let mail = realm.mail_to("ana@example.com").await;
    let mut body = mail.by_link();
    body["session"] = json!(held);
    body["id"] = json!(held);
    let login = realm.enter(body).await.expect(200);
    assert_ne!(login["session"], json!(held));
}

#[tokio::test]
async fn t_33_what_signs_in_is_shown_to_those_who_may_write() {
    let app = App::start().await;
    let realm = served(&app).await;
    realm.verified("ana@example.com").await;
    let asked = realm.ask_for_mail("ana@example.com").await;
    let event = app
        .event_of(&realm.id, asked.request_id(), "user.login.requested")
        .await;
    assert!(event["token"].as_str().unwrap().starts_with("tml:"));
    let reader = app.key("read", Some(&realm.id)).await;
    let path = format!("/v2/events/{}", event["id"].as_str().unwrap());
    let seen = app.send(app.with_key(&reader, Method::GET, &path)).await.expect(200);
    assert!(seen.get("token").is_none_or(Value::is_null), "{seen}");
}
