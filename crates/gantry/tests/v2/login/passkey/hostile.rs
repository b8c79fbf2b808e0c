//! T-26: what must not sign anybody in with a passkey. Each is the one answer of a failed login, and its event.

use gantry_testkit::passkey::{Manner, SoftPasskey};
use serde_json::{Value, json};

use crate::common::{App, PAGE, Reply, TestRealm, lies};

const OVER: &str = "This attempt has expired or was begun elsewhere: please begin again";

async fn start() -> App {
    App::start_with(|config| config.limits_enabled = false).await
}

async fn served(app: &App) -> TestRealm<'_> {
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    realm
}

/// Fails when a login was not refused as all are, or left anything but its event.
async fn refused(realm: &TestRealm<'_>, reply: &Reply, user: &Value) {
    assert_eq!(reply.errors(422), ["Login failed"]);
    let json = reply.json();
    assert_eq!(
        (&json["result"], &json["error"]),
        (&json!("error"), &json!("Login failed"))
    );
    let events = realm.app.events(&realm.id, reply.request_id(), 1).await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["event_type"], &events[0]["user_id"]),
        (&json!("user.login.failed"), user)
    );
}

#[tokio::test]
async fn t_26_each_lie_of_browser_or_authenticator_is_refused() {
    let app = start().await;
    let realm = served(&app).await;
    let (user, _, mut key) = realm.with_passkey("ana@example.com").await;
    let truth = || Manner::at(PAGE);
    for lie in lies("webauthn.create") {
        let reply = realm.sign_in_with(&mut key, &lie).await;
        refused(&realm, &reply, &user["id"]).await;
    }
    let sessions = realm.list("/v2/sessions").await;
    assert_eq!(sessions.len(), 1, "the one that the passkey was added with");
    realm.sign_in_with(&mut key, &truth()).await.expect(200);
}

#[tokio::test]
async fn t_26_what_was_signed_cannot_be_changed() {
    let app = start().await;
    let realm = served(&app).await;
    let (user, _, mut key) = realm.with_passkey("ana@example.com").await;
    let (_, _, mut other) = realm.with_passkey("bob@example.com").await;
    let truth = Manner::at(PAGE);
    // A signature of another key, over the same challenge.
    let begun = realm.begin_login().await;
    let theirs = other.sign(&begun["options"], &truth).unwrap();
    let mut mixed = key.sign(&begun["options"], &truth).unwrap();
    mixed["response"]["signature"] = theirs["response"]["signature"].clone();
    refused(&realm, &realm.finish_login(&begun, mixed).await, &user["id"]).await;
    // Whether a finger was shown.
    let lie = Manner {
        verified: false,
        ..truth.clone()
    };
    let begun = realm.begin_login().await;
    let mut mixed = key.sign(&begun["options"], &lie).unwrap();
    let honest = key.sign(&begun["options"], &truth).unwrap();
    mixed["response"]["authenticatorData"] = honest["response"]["authenticatorData"].clone();
    refused(&realm, &realm.finish_login(&begun, mixed).await, &user["id"]).await;
    for nonsense in [
        json!(null),
        json!({}),
        json!([]),
        json!("x"),
        json!({"id": "x", "rawId": "x", "type": "public-key", "response": {}}),
    ] {
        let begun = realm.begin_login().await;
        refused(&realm, &realm.finish_login(&begun, nonsense).await, &json!(null)).await;
    }
}

#[tokio::test]
async fn t_26_a_passkey_signs_in_its_own_user_alone() {
    let app = start().await;
    let (realm, elsewhere) = (served(&app).await, served(&app).await);
    let (_, session, mut key) = realm.with_passkey("ana@example.com").await;
    realm.user("bob@example.com").await;
    let bob = realm.session_of("bob@example.com").await;
    let handle = async |session: &str| {
        let begun = realm.begin_passkey(session).await;
        begun["options"]["user"]["id"].as_str().unwrap().to_owned()
    };
    // It says that it is somebody else's, or nobody's.
    let (ana, bob) = (handle(&session).await, handle(&bob).await);
    for user in [
        bob,
        String::new(),
        "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        format!("{ana}AA"),
    ] {
        let lie = Manner {
            user: Some(user),
            ..Manner::at(PAGE)
        };
        let reply = realm.sign_in_with(&mut key, &lie).await;
        refused(&realm, &reply, &json!(null)).await;
    }
    // One that was never added, though its user is there.
    let begun = realm.begin_passkey(&session).await;
    let (mut stranger, _) = SoftPasskey::make(&begun["options"], &Manner::at(PAGE)).unwrap();
    let reply = realm.sign_in_with(&mut stranger, &Manner::at(PAGE)).await;
    refused(&realm, &reply, &json!(null)).await;
    // T-03: it is nobody's in another realm for the same domain.
    let reply = elsewhere.sign_in_with(&mut key, &Manner::at(PAGE)).await;
    refused(&elsewhere, &reply, &json!(null)).await;
    realm.sign_in_with(&mut key, &Manner::at(PAGE)).await.expect(200);
}

#[tokio::test]
async fn t_26_a_ceremony_is_for_one_realm_and_purpose_and_used_once() {
    let app = start().await;
    let (realm, elsewhere) = (served(&app).await, served(&app).await);
    let (_, session, mut key) = realm.with_passkey("ana@example.com").await;
    let truth = Manner::at(PAGE);
    let over = async |begun: &Value, signed: Value| {
        let reply = realm.finish_login(begun, signed).await;
        assert_eq!(reply.errors(422), [OVER]);
    };
    let foreign = elsewhere.begin_login().await;
    let signed = key.sign(&foreign["options"], &truth).unwrap();
    over(&foreign, signed).await;
    let registration = realm.begin_passkey(&session).await;
    let as_login = json!({"rpId": "example.com", "challenge": registration["options"]["challenge"]});
    let signed = key.sign(&as_login, &truth).unwrap();
    over(&registration, signed.clone()).await;
    for nonsense in [json!(""), json!("x"), json!(null)] {
        over(&json!({"ceremony": nonsense}), signed.clone()).await;
    }
    // Heard on the way, and sent again.
    let begun = realm.begin_login().await;
    let signed = key.sign(&begun["options"], &truth).unwrap();
    realm.finish_login(&begun, signed.clone()).await.expect(200);
    over(&begun, signed.clone()).await;
    // With a challenge that nobody has used yet it is no answer.
    let reply = realm.finish_login(&realm.begin_login().await, signed).await;
    assert_eq!(reply.errors(422), ["Login failed"]);
    // A try that failed has used it up too.
    let begun = realm.begin_login().await;
    realm.finish_login(&begun, json!({})).await.errors(422);
    over(&begun, key.sign(&begun["options"], &truth).unwrap()).await;
    // It is good to the last moment of five minutes, and no longer.
    for (wait, good) in [(299_999, true), (300_000, false)] {
        let begun = realm.begin_login().await;
        let signed = key.sign(&begun["options"], &truth).unwrap();
        app.clock.advance_ms(wait);
        match good {
            true => drop(realm.finish_login(&begun, signed).await.expect(200)),
            false => over(&begun, signed).await,
        }
    }
}

#[tokio::test]
async fn t_26_of_many_at_once_with_one_ceremony_one_gets_in() {
    let app = start().await;
    let realm = served(&app).await;
    let (_, _, mut key) = realm.with_passkey("ana@example.com").await;
    let begun = realm.begin_login().await;
    let signed = key.sign(&begun["options"], &Manner::at(PAGE)).unwrap();
    let tries = (0..12).map(|_| realm.finish_login(&begun, signed.clone()));
    let got = futures::future::join_all(tries).await;
    let good = got.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(good, 1);
    assert!(got.iter().all(|reply| [200, 422].contains(&reply.status)));
}

#[tokio::test]
async fn t_26_a_counter_that_does_not_go_on_shows_a_copy() {
    let app = start().await;
    let realm = served(&app).await;
    let (user, _, mut key) = realm.with_passkey("ana@example.com").await;
    let truth = Manner::at(PAGE);
    key.counter = 10;
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    // The same count again, one before it, and none at all.
    for count in [10, 5, 0] {
        key.counter = count;
        let reply = realm.sign_in_with(&mut key, &truth).await;
        refused(&realm, &reply, &user["id"]).await;
    }
    key.counter = 11;
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    // Copies that count alike, at the same moment: at most one of them.
    let mut all = Vec::new();
    for _ in 0..6 {
        let begun = realm.begin_login().await;
        key.counter = 20;
        let signed = key.sign(&begun["options"], &truth).unwrap();
        all.push((begun, signed));
    }
    let tries = all.into_iter().map(|(begun, signed)| {
        let realm = &realm;
        async move { realm.finish_login(&begun, signed).await.status }
    });
    let got = futures::future::join_all(tries).await;
    assert_eq!(got.iter().filter(|status| **status == 200).count(), 1, "{got:?}");
}

#[tokio::test]
async fn t_26_whoever_is_locked_or_gone_does_not_get_in() {
    let app = start().await;
    let realm = served(&app).await;
    let truth = Manner::at(PAGE);
    let (user, session, mut key) = realm.with_passkey("ana@example.com").await;
    let id = user["id"].as_str().unwrap();
    let path = format!("/v2/users/{id}");
    let set = async |state: &str| {
        realm.change(&path, json!({"user": {"state": state}})).await.expect(200);
    };
    set("inactive").await;
    let reply = realm.sign_in_with(&mut key, &truth).await;
    refused(&realm, &reply, &user["id"]).await;
    set("active").await;
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    // A back end takes one of two away, after the browser was asked.
    let session = match realm.look(&session).await.status {
        200 => session,
        _ => realm.session_of("ana@example.com").await,
    };
    let (mut second, passkey) = realm.add_passkey(&session).await;
    let begun = realm.begin_login().await;
    let signed = second.sign(&begun["options"], &truth).unwrap();
    let credential = format!("/v2/credentials/{}", passkey["id"].as_str().unwrap());
    let gone = realm.remove(&credential).await;
    assert_eq!(gone.expect(200)["credential_type"], "passkey");
    let event = app.event(&realm.id, gone.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"]),
        (&json!("user.updated"), &user["id"])
    );
    refused(&realm, &realm.finish_login(&begun, signed).await, &json!(null)).await;
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    // The user goes, and who comes after them by the same name is somebody else.
    realm.remove(&path).await.expect(200);
    refused(&realm, &realm.sign_in_with(&mut key, &truth).await, &json!(null)).await;
    realm.user("ana@example.com").await;
    refused(&realm, &realm.sign_in_with(&mut key, &truth).await, &json!(null)).await;
    // A realm that is reset has nobody.
    let (_, _, mut key) = realm.with_passkey("bob@example.com").await;
    realm
        .create(&format!("/v2/realms/{}/reset", realm.id), json!({}))
        .await
        .expect(200);
    refused(&realm, &realm.sign_in_with(&mut key, &truth).await, &json!(null)).await;
}

#[tokio::test]
async fn t_17_no_other_token_is_a_ceremony_and_a_ceremony_is_no_other_token() {
    let app = start().await;
    let realm = served(&app).await;
    let (user, session, mut key) = realm.with_passkey("ana@example.com").await;
    realm.authenticator(&user).await;
    let half = realm.half("ana@example.com").await;
    let begun = realm.begin_login().await;
    let signed = key.sign(&begun["options"], &Manner::at(PAGE)).unwrap();
    for token in [&half, &session] {
        let reply = realm.finish_login(&json!({ "ceremony": token }), signed.clone()).await;
        assert_eq!(reply.errors(422), [OVER]);
    }
    let token = &begun["ceremony"];
    realm
        .post("/v2/login/verify", json!({"token": token, "code": "000000"}))
        .await
        .errors(422);
    realm
        .post(
            "/v2/password/reset",
            json!({"token": token, "password": "another long password"}),
        )
        .await
        .errors(422);
    realm
        .post("/v2/email/verify", json!({ "token": token }))
        .await
        .errors(422);
    realm.look(token.as_str().unwrap()).await.errors(403);
    realm.finish_login(&begun, signed).await.expect(200);
}
