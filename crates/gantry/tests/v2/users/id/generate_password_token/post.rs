//! `POST /v2/users/:id/generate_password_token` (contract 3.2)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, PASSWORD, ip_and_client};

const ACTION: &str = "generate_password_token";

#[tokio::test]
async fn whoever_is_named_in_any_way_gets_a_token_and_an_event() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana+x@example.com", "username": "Ana", "password": PASSWORD}});
    let user = realm.create("/v2/users", body).await.expect(201);
    let mut seen = Vec::new();
    for who in [user["id"].as_str().unwrap(), "ANA%2Bx@example.com", "ana"] {
        let path = format!("/v2/users/{who}/{ACTION}");
        for body in [json!({}), json!({"user": {}}), json!({"user": null})] {
            let mut body = body;
            body["request"] = ip_and_client();
            let reply = realm.create(&path, body).await;
            let token = reply.expect(201);
            assert_eq!((&token["object"], &token["user_id"]), (&json!("token"), &user["id"]));
            let text = token["token"].as_str().unwrap().to_owned();
            assert!(text.starts_with("tpw:") && text.len() == 26, "{text}");
            assert!(!seen.contains(&text));
            seen.push(text);
            let event = app.event(&realm.id, reply.request_id()).await;
            assert_eq!(event["event_type"], "user.password.resetting");
            assert_eq!((&event["user_id"], &event["request"]), (&user["id"], &ip_and_client()));
        }
    }
    // As PHP asks, without any body.
    let bare = realm.core(Method::POST, &format!("/v2/users/ana/{ACTION}"));
    app.send(bare).await.expect(201);
}

#[tokio::test]
async fn one_who_is_not_there_or_asleep_gets_none() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    other.user("ana@example.com").await;
    let off = json!({"user": {"email": "off@example.com", "password": PASSWORD, "state": "inactive"}});
    realm.create("/v2/users", off).await.expect(201);
    let ask = async |who: &str| realm.create(&format!("/v2/users/{who}/{ACTION}"), json!({})).await;
    assert_eq!(ask("off@example.com").await.errors(422), ["The user is not active"]);
    for who in ["ana@example.com", "nobody", "usr_0000000000000000000000"] {
        ask(who).await.errors(404);
    }
    assert_eq!(realm.history_types().await, ["user.created"]);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_gets_one() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    for realm in [&own, &other] {
        realm.user("ana@example.com").await;
    }
    let path = format!("/v2/users/ana@example.com/{ACTION}");
    let reader = app.key("read", Some(&own.id)).await;
    app.send(app.holder(&reader, Method::POST, &path)).await.errors(403);
    let writer = app.key("write", Some(&own.id)).await;
    app.send(app.holder(&writer, Method::POST, &path)).await.expect(201);
    let foreign = format!("{path}?realm_id={}", other.id);
    app.send(app.holder(&writer, Method::POST, &foreign)).await.errors(404);
    app.send(app.anyone(Method::POST, &path)).await.errors(403);
    assert_eq!(other.history_types().await, ["user.created"]);
}
