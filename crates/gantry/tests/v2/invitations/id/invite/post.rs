//! `POST /v2/invitations/:id/invite` (contract 3.11)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, ip_and_client};

#[tokio::test]
async fn it_is_sent_as_often_as_asked_and_the_token_stays() {
    let app = App::start().await;
    let realm = app.realm().await;
    for kind in ["preverify", "referral", "request"] {
        let sent = json!({"invitation": {"invitation_type": kind, "email": "a@b.co"}});
        let mut made = realm.create("/v2/invitations", sent).await.expect(201);
        assert_eq!(made["invited_at"], Value::Null);
        let path = format!("/v2/invitations/{}/invite", made["id"].as_str().unwrap());
        for body in [json!({"invitation": {}}), json!({}), json!({"invitation": null})] {
            app.clock.advance_ms(1500);
            let mut body = body;
            body["request"] = ip_and_client();
            let reply = realm.create(&path, body).await;
            let shown = reply.expect(200);
            let event = app.event(&realm.id, reply.request_id()).await;
            made["invited_at"] = event["event_at"].clone();
            assert_eq!(shown, made);
            assert_eq!(
                (&event["event_type"], &event["invitation_id"], &event["request"]),
                (
                    &json!(format!("invitation.{kind}.invited")),
                    &made["id"],
                    &ip_and_client()
                )
            );
        }
    }
}

#[tokio::test]
async fn it_needs_a_key_that_writes() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({"invitation": {"invitation_type": "request", "email": "a@b.co"}});
    let made = realm.create("/v2/invitations", sent).await.expect(201);
    let path = format!("/v2/invitations/{}/invite", made["id"].as_str().unwrap());
    let reader = app.key("read", Some(&realm.id)).await;
    app.send(app.holder(&reader, Method::POST, &path)).await.errors(403);
    realm
        .create("/v2/invitations/nvt_0000000000000000000000/invite", json!({}))
        .await
        .errors(404);
    assert_eq!(realm.history_types().await, ["invitation.request.created"]);
}
