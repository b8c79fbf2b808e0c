//! `POST /v2/passkeys/register/start` and `/finish`

use gantry_testkit::passkey::{Manner, SoftPasskey};
use reqwest::Method;
use serde_json::json;

use crate::common::{App, DOMAIN, PAGE, field};

#[tokio::test]
async fn a_passkey_is_added_shown_and_told_of() {
    let app = App::start().await;
    let realm = app.realm().await;
    let provider = realm.takes_passkeys().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let begun = realm.begin_passkey(&session).await;
    let options = &begun["options"];
    assert_eq!(begun["result"], "okay");
    assert_eq!(options["rp"], json!({"name": "Test", "id": DOMAIN}));
    assert_eq!(
        (&options["user"]["name"], &options["user"]["displayName"]),
        (&json!("ana@example.com"), &json!("ana@example.com"))
    );
    let wanted = &options["authenticatorSelection"];
    assert_eq!(
        (
            &wanted["residentKey"],
            &wanted["requireResidentKey"],
            &wanted["userVerification"]
        ),
        (&json!("required"), &json!(true), &json!("required"))
    );
    assert_eq!(
        (&options["attestation"], &options["excludeCredentials"]),
        (&json!("none"), &json!([]))
    );

    let (_, credential) = SoftPasskey::make(options, &Manner::at(PAGE)).unwrap();
    let reply = realm.finish_passkey(&session, &begun, credential.clone()).await;
    let added = reply.expect(201);
    let passkey = &added["passkey"];
    assert_eq!(
        (&added["result"], &passkey["object"], &passkey["name"]),
        (&json!("okay"), &json!("passkey"), &json!("Laptop"))
    );
    assert!(passkey["id"].as_str().unwrap().starts_with("crd_"));
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"]),
        (&json!("user.updated"), &user["id"])
    );

    // A back end sees it among the user's credentials, without what it is checked by.
    let path = format!("/v2/credentials/{}", passkey["id"].as_str().unwrap());
    let shown = realm.read(&path).await;
    let credential_id = credential["id"].as_str().unwrap();
    assert!(
        !shown.text.contains("secret") && !shown.text.contains("cose"),
        "{}",
        shown.text
    );
    let shown = shown.expect(200);
    assert_eq!(
        (
            &shown["credential_type"],
            &shown["auth_provider_id"],
            &shown["provider_user_id"]
        ),
        (&json!("passkey"), &provider["id"], &json!(credential_id))
    );
    let seen = realm.shown("ana@example.com").await;
    assert_eq!(
        field(seen["credentials"].as_array().unwrap(), "credential_type"),
        ["password", "passkey"]
    );
    let renamed = realm
        .change(&path, json!({"credential": {"name": "Phone"}}))
        .await
        .expect(200);
    assert_eq!(renamed["name"], "Phone");

    // The browser is told not to make another on the same device.
    let again = realm.begin_passkey(&session).await;
    assert_eq!(
        again["options"]["excludeCredentials"],
        json!([{"type": "public-key", "id": credential_id}])
    );
}

#[tokio::test]
async fn a_form_carries_the_credential_as_text() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let begun = realm.begin_passkey(&session).await;
    let (mut key, credential) = SoftPasskey::make(&begun["options"], &Manner::at(PAGE)).unwrap();
    let ceremony = begun["ceremony"].as_str().unwrap();
    let credential = credential.to_string();
    let form = [
        ("session", session.as_str()),
        ("ceremony", ceremony),
        ("credential", &credential),
    ];
    let request = realm.anyone(Method::POST, "/v2/passkeys/register/finish").form(&form);
    let added = app.send(request).await.expect(201);
    assert_eq!(added["passkey"]["name"], json!(null));
    let reply = realm.sign_in_with(&mut key, &Manner::at(PAGE)).await;
    assert_eq!(reply.expect(200)["result"], "full_login");
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let finish = async |body| realm.post("/v2/passkeys/register/finish", body).await;
    let nothing = finish(json!({"session": session})).await;
    assert_eq!(nothing.errors(422), ["Passkey is required"]);
    let begun = realm.begin_passkey(&session).await;
    let nonsense = json!({"session": session, "ceremony": begun["ceremony"], "credential": {"id": 1}});
    assert_eq!(finish(nonsense).await.errors(422), ["Verification failed"]);
    let begun = realm.begin_passkey(&session).await;
    let long = json!({"session": session, "ceremony": begun["ceremony"], "credential": {}, "name": "x".repeat(256)});
    assert_eq!(finish(long).await.errors(422).len(), 1);
}

#[tokio::test]
async fn only_a_live_session_adds_or_sees_passkeys() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    realm
        .delete(&format!("/v2/session?session={session}"))
        .await
        .expect(200);
    for session in [json!(session), json!(null), json!("kss_nonsense")] {
        for path in ["/v2/passkeys/register/start", "/v2/passkeys/register/finish"] {
            realm
                .post(path, json!({"session": session, "credential": {}}))
                .await
                .errors(403);
        }
    }
    realm.get("/v2/passkeys").await.errors(403);
}

#[tokio::test]
async fn t_05_whoever_must_verify_their_address_does_so_first() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_verification": "required"})).await;
    realm.takes_passkeys().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let start = async || {
        realm
            .post("/v2/passkeys/register/start", json!({ "session": session }))
            .await
    };
    start().await.errors(422);
    let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
    let verified = json!({"user": {"email_verification": "verified"}});
    realm.change(&path, verified).await.expect(200);
    start().await.expect(200);
}

#[tokio::test]
async fn t_05_a_new_password_by_mail_ends_passkeys_of_whoever_had_an_unproven_account_before() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    for (email, proven) in [("ana@example.com", false), ("bob@example.com", true)] {
        let (user, _, mut key) = realm.with_passkey(email).await;
        if proven {
            let path = format!("/v2/users/{}", user["id"].as_str().unwrap());
            let verified = json!({"user": {"email_verification": "verified"}});
            realm.change(&path, verified).await.expect(200);
        }
        let forgot = realm.post("/v2/password/forgot", json!({ "email": email })).await;
        let token = app.mailed(&realm.id, &forgot, "user.password.resetting").await;
        let reset = json!({"token": token, "password": "another long password"});
        realm.post("/v2/password/reset", reset).await.expect(200);
        let reply = realm.sign_in_with(&mut key, &Manner::at(PAGE)).await;
        assert_eq!(reply.status, if proven { 200 } else { 422 }, "{email}");
    }
}
