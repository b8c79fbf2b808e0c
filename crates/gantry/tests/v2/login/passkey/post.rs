//! `POST /v2/login/passkey/start` and `/finish`

use gantry_config::{Config, LimitOverride};
use gantry_testkit::passkey::Manner;
use reqwest::header::USER_AGENT;
use serde_json::json;

use crate::common::{App, DOMAIN, PAGE, PASSWORD, claims};

#[tokio::test]
async fn a_passkey_signs_in_alone_where_a_password_needs_a_code_beside() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    let (user, _, mut key) = realm.with_passkey("ana@example.com").await;
    realm.authenticator(&user).await;
    assert_eq!(
        realm.login("ana@example.com").await.expect(200)["result"],
        "mfa_required"
    );

    let begun = realm.begin_login().await;
    assert_eq!(begun["result"], "okay");
    let options = &begun["options"];
    assert_eq!(
        (
            &options["rpId"],
            &options["userVerification"],
            &options["allowCredentials"]
        ),
        (&json!(DOMAIN), &json!("required"), &json!([]))
    );
    let signed = key.sign(options, &Manner::at(PAGE)).unwrap();
    let body = json!({"ceremony": begun["ceremony"], "credential": signed});
    let request = realm.anyone(reqwest::Method::POST, "/v2/login/passkey/finish");
    let reply = app.send(request.header(USER_AGENT, "Phone/1.0").json(&body)).await;
    let login = reply.expect(200);
    assert_eq!(login["result"], "full_login");
    assert!(login["account"].as_str().unwrap().starts_with("org_"));
    assert_eq!(claims(login["token"].as_str().unwrap())["sub"], user["id"]);
    let session = login["session"].as_str().unwrap();
    assert_eq!(realm.look(session).await.expect(200)["result"], "full_login");
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"], &event["session_id"]),
        (&json!("user.login.succeeded"), &user["id"], &json!(&session[..26]))
    );
    assert_eq!(event["request"], json!({"ip": "127.0.0.1", "client": "Phone/1.0"}));
    let seen = realm.shown("ana@example.com").await;
    assert!(seen["last_login_at"].is_number());
}

#[tokio::test]
async fn accounts_and_conditions_are_those_of_any_login() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"org_mode": "multi_user"})).await;
    realm.takes_passkeys().await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    for org in [&one, &two] {
        realm.join(&user, org).await;
    }
    let session = realm.session_of("ana@example.com").await;
    let (mut key, _) = realm.add_passkey(&session).await;
    let truth = Manner::at(PAGE);
    let login = realm.sign_in_with(&mut key, &truth).await.expect(200);
    assert_eq!(login["result"], "conditional_login");
    assert_eq!(login["conditions"], json!(["no_account_selected"]));
    assert!(login.get("token").is_none_or(|token| token.is_null()));
    let begun = realm.begin_login().await;
    let signed = key.sign(&begun["options"], &truth).unwrap();
    let body = json!({"ceremony": begun["ceremony"], "credential": signed, "account": two["id"]});
    let login = realm.post("/v2/login/passkey/finish", body).await.expect(200);
    assert_eq!(
        (&login["result"], &login["account"]),
        (&json!("full_login"), &two["id"])
    );
    let path = format!("/v2/realms/{}", realm.id);
    realm
        .change(&path, json!({"realm": {"email_verification": "required"}}))
        .await
        .expect(200);
    let login = realm.sign_in_with(&mut key, &truth).await.expect(200);
    assert_eq!(login["conditions"], json!(["no_account_selected", "must_verify_email"]));
}

#[tokio::test]
async fn passkeys_with_and_without_a_counter_sign_in_again_and_again() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    for (email, counter) in [("ana@example.com", 0), ("bob@example.com", 7)] {
        let (_, _, mut key) = realm.with_passkey(email).await;
        key.counter = counter;
        for _ in 0..3 {
            realm.sign_in_with(&mut key, &Manner::at(PAGE)).await.expect(200);
        }
    }
}

#[tokio::test]
async fn t_07_whoever_begins_learns_nothing_of_anybody() {
    let app = App::start().await;
    let (empty, full) = (app.realm().await, app.realm().await);
    for realm in [&empty, &full] {
        realm.takes_passkeys().await;
    }
    full.with_passkey("ana@example.com").await;
    let shape = |mut begun: serde_json::Value| {
        begun["ceremony"] = json!(begun["ceremony"].as_str().unwrap().len());
        begun["options"]["challenge"] = json!(null);
        begun
    };
    let without = shape(empty.begin_login().await);
    // Whoever is named, the answer names nobody.
    for body in [
        json!({}),
        json!({"email": "ana@example.com"}),
        json!({"email": "nobody@example.com"}),
        json!({"username": "ana", "id": "usr_1"}),
    ] {
        let begun = full.post("/v2/login/passkey/start", body).await.expect(200);
        assert_eq!(shape(begun), without);
    }
}

/// Lets an address try so often that only the account's own limit counts.
fn many_by_address(config: &mut Config) {
    let limit = LimitOverride {
        max: Some(1000),
        ..LimitOverride::default()
    };
    config.limits.insert("login".to_owned(), limit);
}

#[tokio::test]
async fn t_12_wrong_passwords_keep_nobody_from_their_passkey() {
    let app = App::start_with(many_by_address).await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    let (_, _, mut key) = realm.with_passkey("ana@example.com").await;
    for _ in 0..=10 {
        let guess = json!({"email": "ana@example.com", "password": "wrong password"});
        realm.post("/v2/login", guess).await.errors(422);
    }
    let right = realm
        .post("/v2/login", json!({"email": "ana@example.com", "password": PASSWORD}))
        .await;
    assert!(right.errors(422)[0].contains("Too many"));
    realm.sign_in_with(&mut key, &Manner::at(PAGE)).await.expect(200);
}

#[tokio::test]
async fn t_11_wrong_signatures_of_a_passkey_are_counted() {
    let app = App::start_with(many_by_address).await;
    let realm = app.realm().await;
    realm.takes_passkeys().await;
    let (_, _, mut key) = realm.with_passkey("ana@example.com").await;
    let (_, _, mut other) = realm.with_passkey("bob@example.com").await;
    let truth = Manner::at(PAGE);
    let lie = Manner {
        verified: false,
        ..truth.clone()
    };
    for _ in 0..10 {
        assert_eq!(realm.sign_in_with(&mut key, &lie).await.errors(422), ["Login failed"]);
    }
    assert!(realm.sign_in_with(&mut key, &truth).await.errors(422)[0].contains("Too many"));
    // Neither their password nor anybody else waits for that.
    realm.login("ana@example.com").await.expect(200);
    realm.sign_in_with(&mut other, &truth).await.expect(200);
    app.clock.advance_ms(300_000);
    realm.sign_in_with(&mut key, &truth).await.expect(200);
    let mut failed = realm.history_types().await;
    failed.retain(|name| name == "user.login.failed");
    assert_eq!(failed.len(), 10);
}
