//! `POST /v2/signup/request` (contract 2.4)

use serde_json::{Value, json};

use crate::common::App;

const PATH: &str = "/v2/signup/request";

#[tokio::test]
async fn whoever_asks_is_noted_down_once() {
    let app = App::start().await;
    let realm = app
        .realm_with(json!({"signup": "invitation", "default_locale": "ja"}))
        .await;
    let reply = realm
        .post(PATH, json!({"email": " New@Example.com", "locale": "es"}))
        .await;
    assert_eq!(reply.expect(200), json!({"result": "okay"}));
    let event = app
        .event_of(&realm.id, reply.request_id(), "invitation.request.created")
        .await;
    let all = realm.list("/v2/invitations").await;
    assert_eq!(
        json!([
            all.len(),
            all[0]["invitation_type"],
            all[0]["email"],
            all[0]["locale"],
            all[0]["invited_at"]
        ]),
        json!([1, "request", "new@example.com", "es", null])
    );
    assert_eq!(event["invitation_id"], all[0]["id"]);
    realm.post(PATH, json!({"email": "new@example.com"})).await.expect(200);
    // What is asked later is done later: the other one was looked at before this one.
    let other = realm.post(PATH, json!({"email": "other@example.com"})).await;
    app.event_of(&realm.id, other.request_id(), "invitation.request.created")
        .await;
    assert_eq!(realm.list("/v2/invitations").await.len(), 2);
    // The back end invites, and the token opens the door.
    let path = format!("/v2/invitations/{}/invite", all[0]["id"].as_str().unwrap());
    let invited = realm.create(&path, json!({"invitation": {}})).await.expect(200);
    let body = json!({"password": "a long password", "invitation": invited["token"]});
    assert_eq!(realm.post("/v2/signup", body).await.expect(200)["result"], "full_login");
}

#[tokio::test]
async fn t_07_whoever_has_an_account_is_told_the_same() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"signup": "invitation"})).await;
    realm.user("ana@example.com").await;
    let known = realm.post(PATH, json!({"email": "ana@example.com"})).await;
    let unknown = realm.post(PATH, json!({"email": "new@example.com"})).await;
    assert_eq!(known.expect(200), unknown.expect(200));
}

#[tokio::test]
async fn where_nobody_is_invited_so_nobody_asks() {
    let app = App::start().await;
    for signup in ["open", "closed"] {
        let realm = app.realm_with(json!({ "signup": signup })).await;
        let reply = realm.post(PATH, json!({"email": "new@example.com"})).await;
        assert_eq!(reply.errors(422), ["Invitations to this place cannot be asked for"]);
        assert_eq!(realm.list("/v2/invitations").await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start_with(|config| config.limits_enabled = true).await;
    let realm = app.realm_with(json!({"signup": "invitation"})).await;
    for (body, said) in [
        (json!({}), "Email is required"),
        (json!({"email": "nobody"}), "Email must be an email address"),
    ] {
        assert_eq!(realm.post(PATH, body).await.errors(422), [said]);
    }
    realm
        .post(PATH, json!({"email": "a@example.com", "locale": "xx"}))
        .await
        .errors(422);
    // T-38
    for _ in 0..5 {
        realm.post(PATH, json!({"email": "a@example.com"})).await.expect(200);
    }
    realm.post(PATH, json!({"email": "A@example.com"})).await.errors(422);
}
