//! `POST /v2/signup` (contract 2.4)

use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, claims, field};

#[tokio::test]
async fn an_address_and_a_password_are_enough() {
    let app = App::start().await;
    let realm = app.realm().await;
    let reply = realm.sign_up("New@Example.com").await;
    let login = reply.expect(200);
    assert_eq!(login["result"], "full_login");
    let said = claims(login["token"].as_str().unwrap());
    assert_eq!(
        json!([said["email"], said["name"]]),
        json!(["new@example.com", "new@example.com"])
    );
    let org = &said["orgs"][0];
    assert_eq!(
        json!([org["oid"], org["perm"]]),
        json!([login["account"], ["ar:owner"]])
    );
    let events = app.events(&realm.id, reply.request_id(), 4).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(
        types,
        [
            "membership.created",
            "org.created",
            "user.created",
            "user.login.succeeded"
        ]
    );
    assert!(events.iter().all(|event| event["request"]["ip"] == "127.0.0.1"));
    realm.login("new@example.com").await.expect(200);
}

#[tokio::test]
async fn everything_that_may_be_told_is_kept() {
    let app = App::start().await;
    let realm = app.realm().await;
    let told = json!({"email": "ana@example.com", "password": PASSWORD, "password_confirmation": PASSWORD,
        "first_name": "Ana", "last_name": "Ruiz", "username": "ana", "org_name": "Ruiz & Co", "locale": "ja"});
    let login = realm.post("/v2/signup", told).await.expect(200);
    let user = realm.shown("ana").await;
    assert_eq!(
        json!([user["name"], user["locale"], user["email_verification"], user["state"]]),
        json!(["Ana Ruiz", "ja", "none", "active"])
    );
    let org = format!("/v2/orgs/{}", login["account"].as_str().unwrap());
    assert_eq!(realm.read(&org).await.expect(200)["name"], "Ruiz & Co");
}

#[tokio::test]
async fn the_language_of_the_browser_becomes_the_user_s() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"email": "ana@example.com", "password": PASSWORD});
    let request = realm
        .anyone(Method::POST, "/v2/signup")
        .header(ACCEPT_LANGUAGE, "es-MX, en;q=0.5")
        .json(&body);
    app.send(request).await.expect(200);
    assert_eq!(realm.shown("ana@example.com").await["locale"], "es");
}

#[tokio::test]
async fn what_the_realm_demands_must_be_told() {
    let app = App::start().await;
    let settings = json!({"name_field": "required", "username_field": "required", "org_name_field": "required",
        "password_field": "confirm"});
    let realm = app.realm_with(settings).await;
    let mut errors = realm.sign_up("ana@example.com").await.errors(422);
    errors.sort();
    assert_eq!(
        errors,
        [
            "First name is required",
            "Organization name is required",
            "Password confirmation is required"
        ]
    );
    let mut body = json!({"email": "ana@example.com", "password": PASSWORD, "password_confirmation": PASSWORD,
        "last_name": "Ruiz", "org_name": "Acme"});
    let errors = realm.post("/v2/signup", body.clone()).await.errors(422);
    assert_eq!(errors, ["Username is required"]);
    body["username"] = json!("ana");
    assert_eq!(realm.post("/v2/signup", body).await.expect(200)["result"], "full_login");
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nobody() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let history = realm.history_types().await.len();
    for (body, said) in [
        (json!({"password": PASSWORD}), "Email is required"),
        (json!({"email": "new@example.com"}), "Password is required"),
        (
            json!({"email": "nobody", "password": PASSWORD}),
            "Email must be an email address",
        ),
        (
            json!({"email": "new@example.com", "password": "short"}),
            "The password must have at least 8 characters",
        ),
        (
            json!({"email": "ANA@example.com", "password": PASSWORD}),
            "Email is already in use",
        ),
        (
            json!({"email": "new@example.com", "password": PASSWORD, "invitation": "nvt:x"}),
            "The invitation is not valid or has expired",
        ),
    ] {
        assert_eq!(realm.post("/v2/signup", body).await.errors(422), [said]);
    }
    assert_eq!(realm.list("/v2/orgs").await, Vec::<Value>::new());
    // The user that the history makes is its own.
    assert_eq!(realm.history_types().await.len(), history);
}

#[tokio::test]
async fn t_34_a_newcomer_decides_nothing_that_is_the_back_end_s() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let org = realm.org("Theirs").await;
    let sneaky = json!({"email": "eve@example.com", "password": PASSWORD, "state": "inactive", "reference": "x",
        "custom": {"admin": true}, "email_verification": "verified", "realm_id": other.id, "org_id": org["id"],
        "account": org["id"], "permissions": ["ar:admin"], "id": "usr_0000000000000000000001"});
    let login = realm.post("/v2/signup", sneaky).await.expect(200);
    assert_ne!(login["account"], org["id"]);
    let user = realm.shown("eve@example.com").await;
    assert_eq!(
        json!([
            user["state"],
            user["reference"],
            user["custom"],
            user["email_verification"],
            user["realm_id"]
        ]),
        json!(["active", null, {}, "none", realm.id])
    );
    assert_ne!(user["id"], "usr_0000000000000000000001");
}

#[tokio::test]
async fn where_verifying_is_asked_for_a_mail_goes_out_and_where_it_is_required_it_holds_back() {
    let app = App::start().await;
    for (mode, result) in [("requested", "full_login"), ("required", "conditional_login")] {
        let realm = app.realm_with(json!({ "email_verification": mode })).await;
        let reply = realm.sign_up("ana@example.com").await;
        let login = reply.expect(200);
        assert_eq!(login["result"], result, "{mode}");
        assert_eq!(realm.shown("ana@example.com").await["email_verification"], "requested");
        let token = app.mailed(&realm.id, &reply, "user.email.verifying").await;
        let verified = realm.post("/v2/email/verify", json!({ "token": token })).await;
        assert_eq!(verified.expect(200), json!({"result": "okay"}));
        let session = login["session"].as_str().unwrap();
        let said = realm.look(session).await.expect(200);
        assert_eq!(said["result"], "full_login");
        assert_eq!(claims(said["token"].as_str().unwrap())["email_verified"], true);
        // T-16: it was used.
        realm
            .post("/v2/email/verify", json!({ "token": token }))
            .await
            .errors(422);
    }
}

#[tokio::test]
async fn t_11_of_fifty_at_once_with_one_address_one_comes_in() {
    let app = App::start().await;
    let realm = app.realm().await;
    let all = futures::future::join_all((0..8).map(|_| realm.sign_up("ana@example.com"))).await;
    assert_eq!(all.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(realm.list("/v2/users").await.len(), 1);
    assert_eq!(realm.list("/v2/orgs").await.len(), 1);
}
