//! `/v2/users/:id/authenticate` (contract 3.2)

use serde_json::json;

use crate::common::{App, PASSWORD, claims};

#[tokio::test]
async fn a_back_end_checks_a_password_and_gets_a_session() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("a+b@example.com").await;
    let org = realm.org("One").await;
    realm.join(&user, &org).await;
    let who = json!({"ip": "2001:db8::7", "client": "App/2"});
    let body = json!({"realm_id": realm.id, "user": {"password": PASSWORD}, "request": who, "expand": "memberships"});
    for id in ["a+b@example.com", "a%2Bb%40example.com", user["id"].as_str().unwrap()] {
        let reply = app.post(&format!("/v2//users/{id}/authenticate"), body.clone()).await;
        let session = reply.expect(201);
        assert_eq!((&session["object"], &session["request"]), (&json!("session"), &who));
        assert_eq!(session["user"]["memberships"][0]["org"]["id"], org["id"]);
        assert_eq!(claims(session["token"].as_str().unwrap())["sid"], session["id"]);
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (&event["event_type"], &event["request"]),
            (&json!("user.login.succeeded"), &who)
        );
    }
    let wrong = app
        .post(
            "/v2/users/a+b@example.com/authenticate",
            json!({"realm_id": realm.id, "user": {"password": "no"}}),
        )
        .await;
    assert_eq!(wrong.errors(422), ["Login failed"]);
    assert_eq!(
        app.event(&realm.id, wrong.request_id()).await["event_type"],
        "user.login.failed"
    );
    app.post(
        "/v2/users/nobody@example.com/authenticate",
        json!({"realm_id": realm.id, "user": {"password": "no"}}),
    )
    .await
    .errors(404);
    let odd = json!({"realm_id": realm.id, "user": {"password": PASSWORD}, "request": {"ip": "not an address"}});
    app.post("/v2/users/a+b@example.com/authenticate", odd)
        .await
        .errors(422);
}
