//! T-26: what must not become a passkey.

use gantry_testkit::passkey::{Manner, SoftPasskey};
use serde_json::{Value, json};

use crate::common::{App, PAGE, Reply, TestRealm, lies};

const OVER: &str = "This attempt has expired or was begun elsewhere: please begin again";

/// A realm that takes passkeys, and a session in it.
async fn stage(app: &App) -> (TestRealm<'_>, String) {
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    (realm, session)
}

async fn made(realm: &TestRealm<'_>, session: &str, manner: &Manner) -> Reply {
    let begun = realm.begin_passkey(session).await;
    let (_, credential) = SoftPasskey::make(&begun["options"], manner).unwrap();
    realm.finish_passkey(session, &begun, credential).await
}

async fn has_none(realm: &TestRealm<'_>, session: &str) {
    let list = realm.get(&format!("/v2/passkeys?session={session}")).await.expect(200);
    assert_eq!(list["collection"], json!([]));
}

#[tokio::test]
async fn t_26_each_lie_of_a_browser_is_refused() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (realm, session) = stage(&app).await;
    let truth = || Manner::at(PAGE);
    for lie in lies("webauthn.get") {
        let reply = made(&realm, &session, &lie).await;
        assert_eq!(reply.errors(422), ["Verification failed"], "{lie:?}");
        has_none(&realm, &session).await;
    }
    made(&realm, &session, &truth()).await.expect(201);
}

#[tokio::test]
async fn t_26_a_ceremony_is_for_one_user_session_realm_and_purpose_and_used_once() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (realm, session) = stage(&app).await;
    let (other_realm, _) = stage(&app).await;
    realm.user("bob@example.com").await;
    let bob = realm.session_of("bob@example.com").await;
    let second = realm.session_of("ana@example.com").await;
    let begun = realm.begin_passkey(&session).await;
    let credential = |begun: &Value| SoftPasskey::make(&begun["options"], &Manner::at(PAGE)).unwrap().1;
    let refused = async |session: &str, begun: &Value, credential: Value| {
        let reply = realm.finish_passkey(session, begun, credential).await;
        assert_eq!(reply.errors(422), [OVER]);
    };
    // Whoever has the ceremony of another user, or of another session of theirs.
    for session in [&bob, &second] {
        refused(session, &begun, credential(&begun)).await;
    }
    // One of another realm, or of a login there or here.
    let foreign_user = other_realm.session_of("ana@example.com").await;
    let foreign = other_realm.begin_passkey(&foreign_user).await;
    refused(&session, &foreign, credential(&foreign)).await;
    for login in [realm.begin_login().await, other_realm.begin_login().await] {
        let both = json!({"ceremony": login["ceremony"], "options": begun["options"]});
        refused(&session, &both, credential(&begun)).await;
    }
    for nonsense in [json!(""), json!("x"), json!(null)] {
        refused(&session, &json!({"ceremony": nonsense}), credential(&begun)).await;
    }
    // None of it used it up; a try does, even one that fails.
    let (one, two) = (credential(&begun), credential(&begun));
    let both = futures::future::join(
        realm.finish_passkey(&session, &begun, one),
        realm.finish_passkey(&session, &begun, two),
    );
    let (one, two) = both.await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
    refused(&session, &begun, credential(&begun)).await;
    let begun = realm.begin_passkey(&session).await;
    realm.finish_passkey(&session, &begun, json!({})).await.errors(422);
    refused(&session, &begun, credential(&begun)).await;
    // It is over after five minutes.
    let begun = realm.begin_passkey(&session).await;
    app.clock.advance_ms(5 * 60 * 1000);
    refused(&session, &begun, credential(&begun)).await;
}

#[tokio::test]
async fn t_26_a_passkey_that_is_somebody_s_is_nobody_else_s() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let (realm, session) = stage(&app).await;
    let (mut key, _) = realm.add_passkey(&session).await;
    realm.user("eve@example.com").await;
    let eve = realm.session_of("eve@example.com").await;
    for session in [&eve, &session] {
        let begun = realm.begin_passkey(session).await;
        let copied = key.registered(&begun["options"], &Manner::at(PAGE)).unwrap();
        realm.finish_passkey(session, &begun, copied).await.errors(422);
    }
    has_none(&realm, &eve).await;
    let login = realm.sign_in_with(&mut key, &Manner::at(PAGE)).await.expect(200);
    let ana = realm.shown("ana@example.com").await;
    let claims = crate::common::claims(login["token"].as_str().unwrap());
    assert_eq!(claims["sub"], ana["id"]);
}

#[tokio::test]
async fn t_15_no_header_says_which_domain_or_page() {
    let app = App::start().await;
    let (realm, session) = stage(&app).await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("referer", "https://evil.example/"),
    ] {
        let request = realm
            .anyone(reqwest::Method::POST, "/v2/passkeys/register/start")
            .header(name, value)
            .json(&json!({ "session": session }));
        let begun = app.send(request).await.expect(200);
        assert_eq!(begun["options"]["rp"]["id"], "example.com", "{name}");
        let (_, credential) = SoftPasskey::make(&begun["options"], &Manner::at("https://evil.example")).unwrap();
        let request = realm
            .anyone(reqwest::Method::POST, "/v2/passkeys/register/finish")
            .header(name, value)
            .json(&json!({"session": session, "ceremony": begun["ceremony"], "credential": credential}));
        assert_eq!(app.send(request).await.errors(422), ["Verification failed"], "{name}");
    }
}
