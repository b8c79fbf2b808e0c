//! `DELETE /v2/invitations/:id` (contract 3.11)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::App;

#[tokio::test]
async fn it_is_gone_and_its_token_opens_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let sent = json!({"invitation": {"invitation_type": "request", "email": "a@b.co"}});
    let made = realm.create("/v2/invitations", sent).await.expect(201);
    let path = format!("/v2/invitations/{}", made["id"].as_str().unwrap());
    let reader = app.key("read", Some(&realm.id)).await;
    app.send(app.holder(&reader, Method::DELETE, &path)).await.errors(403);
    let gone = app.send(realm.core(Method::DELETE, &path)).await.expect(200);
    assert_eq!(gone["id"], made["id"]);
    assert!(gone.get("token").is_none());
    app.send(realm.core(Method::DELETE, &path)).await.errors(404);
    realm.read(&path).await.errors(404);
    assert_eq!(realm.list("/v2/invitations").await, Vec::<Value>::new());
    let body = json!({"user": {"token": made["token"]}});
    realm
        .create("/v2/users/ana@example.com/accept_invitation", body)
        .await
        .errors(422);
    assert_eq!(
        realm.history_types().await,
        ["user.created", "invitation.request.created"]
    );
}
