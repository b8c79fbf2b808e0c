//! `DELETE /v2/passkeys/:id`

use gantry_testkit::passkey::Manner;
use serde_json::json;

use crate::common::{App, PAGE};

#[tokio::test]
async fn a_passkey_that_is_gone_signs_nobody_in() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let (mut key, passkey) = realm.add_passkey(&session).await;
    let path = format!("/v2/passkeys/{}?session={session}", passkey["id"].as_str().unwrap());
    let reply = realm.delete(&path).await;
    assert_eq!(reply.expect(200), json!({"result": "okay"}));
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"]),
        (&json!("user.updated"), &user["id"])
    );
    realm.sign_in_with(&mut key, &Manner::at(PAGE)).await.errors(422);
    realm.delete(&path).await.errors(404);
    // The session lives on.
    realm.look(&session).await.expect(200);
}

#[tokio::test]
async fn t_03_nobody_deletes_another_s_passkey_or_what_is_none() {
    let app = App::start().await;
    let (realm, elsewhere) = (app.realm().await, app.realm().await);
    for realm in [&realm, &elsewhere] {
        realm.takes_passkeys().await;
    }
    let ana = realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let (mut key, passkey) = realm.add_passkey(&session).await;
    let (_, bob, _) = realm.with_passkey("bob@example.com").await;
    let (_, stranger, _) = elsewhere.with_passkey("ana@example.com").await;
    let id = passkey["id"].as_str().unwrap();
    let not_there = realm
        .delete(&format!("/v2/passkeys/crd_0000000000000000000000?session={bob}"))
        .await;
    not_there.errors(404);
    let by_bob = realm.delete(&format!("/v2/passkeys/{id}?session={bob}")).await;
    assert_eq!((by_bob.status, &by_bob.text), (404, &not_there.text));
    elsewhere
        .delete(&format!("/v2/passkeys/{id}?session={stranger}"))
        .await
        .errors(404);
    realm
        .delete(&format!("/v2/passkeys/{id}?session={stranger}"))
        .await
        .errors(403);
    // A password is no passkey, its owner's neither.
    let password = ana["credentials"][0]["id"].as_str().unwrap();
    realm
        .delete(&format!("/v2/passkeys/{password}?session={session}"))
        .await
        .errors(404);
    realm.login("ana@example.com").await.expect(200);
    realm.sign_in_with(&mut key, &Manner::at(PAGE)).await.expect(200);
}
