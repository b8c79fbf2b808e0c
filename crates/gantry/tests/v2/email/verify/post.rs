//! `POST /v2/email/verify` (contract 2.4)

use serde_json::{Value, json};

use crate::common::App;

const PATH: &str = "/v2/email/verify";

#[tokio::test]
async fn the_mail_s_token_verifies_the_address_once() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let user = realm.user("ana@example.com").await;
    let asked = "/v2/users/ana@example.com/request_email_verification";
    let token = realm.create(asked, json!({})).await.expect(201)["token"].clone();
    // T-03: at another realm's host it is as good as none.
    other.post(PATH, json!({ "token": token })).await.errors(422);
    let reply = realm.post(PATH, json!({ "token": token })).await;
    assert_eq!(reply.expect(200), json!({"result": "okay"}));
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        json!([event["event_type"], event["user_id"], event["request"]["ip"]]),
        json!(["user.email.verified", user["id"], "127.0.0.1"])
    );
    assert_eq!(realm.shown("ana@example.com").await["email_verification"], "verified");
    let again = realm.post(PATH, json!({ "token": token })).await;
    assert_eq!(again.errors(422), ["The token is not valid or has expired"]);
}

#[tokio::test]
async fn t_17_other_tokens_verify_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let asked = "/v2/users/ana@example.com/generate_password_token";
    let reset = realm.create(asked, json!({})).await.expect(201)["token"].clone();
    let invitation = realm
        .invite(json!({"invitation_type": "referral", "email": "ana@example.com"}))
        .await;
    let session = realm.session_of("ana@example.com").await;
    for token in [reset, json!(invitation), json!(session), json!(""), Value::Null] {
        let reply = realm.post(PATH, json!({ "token": token })).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"], "{token}");
    }
    assert_eq!(realm.shown("ana@example.com").await["email_verification"], "none");
}
