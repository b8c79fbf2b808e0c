//! `DELETE /v2/session` (contract 2.4)

use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn a_user_signs_out_and_the_session_is_refused() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.login("ana@example.com").await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v2/session?session={session}");
    let reply = realm.delete(&path).await;
    assert_eq!(reply.expect(200), json!({"result": "okay"}));
    realm.get(&path).await.errors(403);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"]),
        (&json!("session.deleted"), &user["id"])
    );
    assert_eq!(event["expires_at"], json!(1_767_225_600 + 24 * 3600));
    assert_eq!(event["session_id"], json!(&session[..26]));
    // Once more is no error, and no event.
    let again = realm.delete(&path).await;
    assert_eq!(again.expect(200), json!({"result": "okay"}));
    let all = app
        .get(&format!(
            "/v2/events?realm_id={}&event_type=session.deleted&created_at_after=",
            realm.id
        ))
        .await;
    assert_eq!(all.expect(200)["collection"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn t_03_nobody_signs_out_at_another_realm_s_host() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    let session = realm.login("ana@example.com").await.expect(200)["session"]
        .as_str()
        .unwrap()
        .to_owned();
    other
        .delete(&format!("/v2/session?session={session}"))
        .await
        .expect(200);
    // The record's id alone, which events show, ends nothing.
    realm
        .delete(&format!("/v2/session?session={}", &session[..26]))
        .await
        .expect(200);
    realm.get(&format!("/v2/session?session={session}")).await.expect(200);
    realm.delete("/v2/session").await.errors(403);
}
