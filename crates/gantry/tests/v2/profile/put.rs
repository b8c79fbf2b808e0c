//! `PUT /v2/profile` (contract 2.4)

use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, claims};

async fn update(realm: &TestRealm<'_>, session: &str, mut body: Value) -> Reply {
    body["session"] = json!(session);
    realm.put("/v2/profile", body).await
}

#[tokio::test]
async fn what_users_say_of_themselves_is_in_the_new_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let told = json!({"email": "New@Example.com", "first_name": "Ana", "last_name": "Ruiz", "username": "ana",
        "locale": "es"});
    let reply = update(&realm, &session, told).await;
    let login = reply.expect(200);
    assert_eq!(
        json!([login["result"], login["session"]]),
        json!(["full_login", session])
    );
    let said = claims(login["token"].as_str().unwrap());
    assert_eq!(
        json!([said["email"], said["name"], said["preferred_username"], said["sub"]]),
        json!(["new@example.com", "Ana Ruiz", "ana", user["id"]])
    );
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        json!([event["event_type"], event["user_id"]]),
        json!(["user.profile.updated", user["id"]])
    );
    // Absent stays, null clears.
    update(&realm, &session, json!({"last_name": null})).await.expect(200);
    let shown = realm.shown("new@example.com").await;
    assert_eq!(
        json!([shown["first_name"], shown["last_name"], shown["locale"]]),
        json!(["Ana", null, "es"])
    );
}

#[tokio::test]
async fn the_new_token_is_for_the_account_asked_for() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"org_mode": "multi_user"})).await;
    let user = realm.user("ana@example.com").await;
    for name in ["One", "Two"] {
        let org = realm.org(name).await;
        realm.join(&user, &org).await;
    }
    let session = realm.session_of("ana@example.com").await;
    let none = update(&realm, &session, json!({"first_name": "Ana"})).await.expect(200);
    assert_eq!(
        json!([none["result"], none["conditions"]]),
        json!(["conditional_login", ["no_account_selected"]])
    );
    let org = realm.list("/v2/orgs").await[0]["id"].clone();
    let one = update(&realm, &session, json!({ "account": org })).await.expect(200);
    assert_eq!(json!([one["result"], one["account"]]), json!(["full_login", org]));
}

#[tokio::test]
async fn t_34_nothing_that_a_back_end_decides_is_theirs_to_say() {
    let app = App::start().await;
    let realm = app.realm().await;
    let (user, other) = (realm.user("ana@example.com").await, realm.user("bob@example.com").await);
    let session = realm.session_of("ana@example.com").await;
    let before = realm.shown("ana@example.com").await;
    let sneaky = json!({"id": other["id"], "user_id": other["id"], "state": "inactive", "reference": "x",
        "custom": {"admin": true}, "email_verification": "verified", "permissions": ["ar:owner"], "realm_id": "rl_x",
        "email_pending": "x@example.com", "keep_sessions": "all", "user": {"state": "inactive"}});
    update(&realm, &session, sneaky).await.expect(200);
    let mut after = realm.shown("ana@example.com").await;
    after["last_login_at"] = before["last_login_at"].clone();
    assert_eq!(after, before);
    assert_eq!(realm.shown("bob@example.com").await, other);
    assert_eq!(user["id"], before["id"]);
}

#[tokio::test]
async fn t_05_where_addresses_are_verified_a_new_one_waits_for_its_mail() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"email_verification": "requested"})).await;
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let reply = update(&realm, &session, json!({"email": "new@example.com"})).await;
    let login = reply.expect(200);
    assert_eq!(claims(login["token"].as_str().unwrap())["email"], "ana@example.com");
    assert_eq!(realm.shown("ana@example.com").await["email_pending"], "new@example.com");
    let token = app.mailed(&realm.id, &reply, "user.email.updating").await;
    assert!(token.starts_with("tue:"));
    let verified = realm.post("/v2/email/verify", json!({ "token": token })).await;
    assert_eq!(verified.expect(200), json!({"result": "okay"}));
    let said = realm.look(&session).await.expect(200);
    let said = claims(said["token"].as_str().unwrap());
    assert_eq!(
        json!([said["email"], said["email_verified"]]),
        json!(["new@example.com", true])
    );
}

#[tokio::test]
async fn naming_the_unverified_address_again_sends_its_mail_again() {
    let app = App::start_with(|config| config.limits_enabled = true).await;
    let realm = app.realm_with(json!({"email_verification": "required"})).await;
    realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    assert_eq!(login["conditions"], json!(["must_verify_email"]));
    let session = login["session"].as_str().unwrap();
    let mut token = String::new();
    for _ in 0..5 {
        let reply = update(&realm, session, json!({"email": "Ana@example.com"})).await;
        assert_eq!(reply.expect(200)["result"], "conditional_login");
        token = app.mailed(&realm.id, &reply, "user.email.verifying").await;
    }
    // T-38
    let errors = update(&realm, session, json!({"email": "ana@example.com"}))
        .await
        .errors(422);
    assert!(errors[0].contains("Enough mails"), "{errors:?}");
    realm
        .post("/v2/email/verify", json!({ "token": token }))
        .await
        .expect(200);
    assert_eq!(realm.look(session).await.expect(200)["result"], "full_login");
    // Whoever is verified gets no more of them.
    let reply = update(&realm, session, json!({"email": "ana@example.com"})).await;
    reply.expect(200);
    assert_eq!(realm.shown("ana@example.com").await["email_verification"], "verified");
}

#[tokio::test]
async fn a_new_password_needs_the_one_before_and_ends_the_other_sessions() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let (session, other) = (
        realm.session_of("ana@example.com").await,
        realm.session_of("ana@example.com").await,
    );
    let new = "another long password";
    let errors = update(&realm, &session, json!({ "password": new })).await.errors(422);
    assert_eq!(errors, ["Current password is required"]);
    let wrong = json!({"password": new, "current_password": "wrong password", "first_name": "Ana"});
    let errors = update(&realm, &session, wrong).await.errors(422);
    assert_eq!(errors, ["Current password does not match"]);
    assert_eq!(realm.shown("ana@example.com").await["first_name"], Value::Null);
    realm.look(&other).await.expect(200);
    let right = json!({"password": new, "current_password": PASSWORD});
    assert_eq!(update(&realm, &session, right).await.expect(200)["session"], session);
    realm.look(&other).await.errors(403);
    realm.login("ana@example.com").await.errors(422);
}

#[tokio::test]
async fn a_profile_that_lacks_something_is_completed_and_then_signed_in() {
    let app = App::start().await;
    let settings = json!({"name_field": "required", "username_field": "required", "org_name_field": "required"});
    let realm = app.realm_with(settings).await;
    realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    assert_eq!(
        json!([login["result"], login["conditions"]]),
        json!(["conditional_login", ["must_complete_profile"]])
    );
    assert!(login.get("token").is_none());
    let session = login["session"].as_str().unwrap();
    let mut said = Value::Null;
    for part in [
        json!({"first_name": "Ana"}),
        json!({"username": "ana"}),
        json!({"org_name": "Ana's"}),
    ] {
        assert_ne!(said["result"], "full_login");
        said = update(&realm, session, part).await.expect(200);
    }
    assert_eq!(said["result"], "full_login");
    let org = realm
        .read(&format!("/v2/orgs/{}", said["account"].as_str().unwrap()))
        .await;
    assert_eq!(org.expect(200)["name"], "Ana's");
    let members = format!("/v2/memberships?org_id={}", said["account"].as_str().unwrap());
    assert_eq!(realm.list(&members).await[0]["permissions"], json!(["ar:owner"]));
    // What is demanded must stay; and there is one first org.
    let errors = update(&realm, session, json!({"first_name": null})).await.errors(422);
    assert_eq!(errors, ["First name is required"]);
    let errors = update(&realm, session, json!({"org_name": "Other"})).await.errors(422);
    assert_eq!(errors, ["Organization name cannot be changed"]);
}

#[tokio::test]
async fn t_01_whoever_holds_no_live_session_changes_nothing() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    for wrong in ["", "kss_0000000000000000000000", &session[..26]] {
        update(&realm, wrong, json!({"first_name": "Eve"})).await.errors(403);
    }
    update(&other, &session, json!({"first_name": "Eve"})).await.errors(403);
    assert_eq!(realm.shown("ana@example.com").await["first_name"], Value::Null);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_whole() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    realm.user("bob@example.com").await;
    let session = realm.session_of("ana@example.com").await;
    let errors = update(
        &realm,
        &session,
        json!({"email": "bob@example.com", "first_name": "Ana"}),
    )
    .await;
    assert_eq!(errors.errors(422), ["Email is already in use"]);
    let body = json!({"email": "no address", "username": "a b", "locale": "xx", "first_name": "x\u{7}"});
    assert_eq!(update(&realm, &session, body).await.errors(422).len(), 4);
    assert_eq!(realm.shown("ana@example.com").await["first_name"], Value::Null);
}
