//! `POST /v2/hooks/:id/ping` (contract 5.1)

use serde_json::json;

use crate::common::{App, Mood, Receiver, ip_and_client};

#[tokio::test]
async fn a_ping_is_sent_once_signed_and_stored_nowhere() {
    let app = App::start_with(Receiver::allow).await;
    let realm = app.realm().await;
    let mut receiver = Receiver::start().await;
    // Also one that is switched off can be tried.
    let fields = json!({"destination": receiver.url, "event_type": ["org.closed"], "state": "inactive"});
    let hook = realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(201);
    let path = format!("/v2/hooks/{}/ping", hook["id"].as_str().unwrap());
    let before = realm.history().await;
    let body = json!({"hook": {}, "request": ip_and_client()});
    let told = realm.create(&path, body).await.expect(200);
    let came = receiver.next().await;
    assert_eq!(came.signed_by(&hook["signing_secret"]), Some(0));
    let event = came.json();
    assert_eq!(
        json!([
            event["object"],
            event["event_type"],
            event["realm_id"],
            event["request"]
        ]),
        json!(["event", "ping", realm.id, ip_and_client()])
    );
    assert_eq!(
        json!([
            told["object"],
            told["id"],
            told["hook_id"],
            told["state"],
            told["attempts"],
            told["last_result"]
        ]),
        json!([
            "notification",
            came.header("webhook-id"),
            hook["id"],
            "completed",
            1,
            "200 OK"
        ])
    );
    realm
        .read(&format!("/v2/events/{}", event["id"].as_str().unwrap()))
        .await
        .errors(404);
    receiver.set(Mood::Answers(404));
    let told = realm.create(&path, json!({})).await.expect(200);
    assert_eq!(
        json!([told["state"], told["last_result"]]),
        json!(["failed", "404 Not Found: said so"])
    );
    assert_eq!(realm.history().await, before);
}

#[tokio::test]
async fn only_webhooks_can_be_tried_and_have_secrets() {
    let app = App::start().await;
    let realm = app.realm().await;
    let fields = json!({"hook_type": "email", "event_type": ["user.created"]});
    let hook = realm.create("/v2/hooks", json!({ "hook": fields })).await.expect(201);
    assert!(hook.get("signing_secret").is_none());
    for action in ["ping", "rotate_secret"] {
        let path = format!("/v2/hooks/{}/{action}", hook["id"].as_str().unwrap());
        assert_eq!(realm.create(&path, json!({})).await.errors(422).len(), 1);
        let nowhere = format!("/v2/hooks/hk_0000000000000000000000/{action}");
        realm.create(&nowhere, json!({})).await.errors(404);
    }
}
