//! `POST /v2/password/reset` (contract 2.4)

use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, claims, field};

const OTHER: &str = "another long password";

async fn forgot(app: &App, realm: &TestRealm<'_>) -> String {
    let reply = realm
        .post("/v2/password/forgot", json!({"email": "ana@example.com"}))
        .await;
    app.mailed(&realm.id, &reply, "user.password.resetting").await
}

async fn reset(realm: &TestRealm<'_>, token: &str, password: &str) -> Reply {
    let body = json!({"token": token, "password": password, "password_confirmation": password});
    realm.post("/v2/password/reset", body).await
}

#[tokio::test]
async fn the_mail_s_token_signs_in_and_ends_what_was_open() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let before = realm.session_of("ana@example.com").await;
    let token = forgot(&app, &realm).await;
    let reply = reset(&realm, &token, OTHER).await;
    let login = reply.expect(200);
    assert_eq!(login["result"], "full_login");
    assert!(login["account"].as_str().unwrap().starts_with("org_"));
    assert_eq!(claims(login["token"].as_str().unwrap())["sub"], user["id"]);
    realm.look(&before).await.errors(403);
    assert_eq!(
        realm.look(login["session"].as_str().unwrap()).await.expect(200)["result"],
        "full_login"
    );
    let events = app.events(&realm.id, reply.request_id(), 3).await;
    let mut types = field(&events, "event_type");
    types.sort();
    assert_eq!(
        types,
        ["session.deleted", "user.login.succeeded", "user.password.updated"]
    );
    realm.login("ana@example.com").await.errors(422);
    // T-16: it was used.
    let again = reset(&realm, &token, OTHER).await;
    assert_eq!(again.errors(422), ["The token is not valid or has expired"]);
}

#[tokio::test]
async fn t_02_a_mailbox_is_no_second_factor() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let token = forgot(&app, &realm).await;
    let half = reset(&realm, &token, OTHER).await.expect(200);
    assert_eq!(half["result"], "mfa_required");
    assert!(half.get("session").is_none());
    let body = json!({"token": half["token"], "code": authenticator.code(&app)});
    let full = realm.post("/v2/login/verify", body).await.expect(200);
    assert_eq!(full["result"], "full_login");
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_uses_no_token_up() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"password_field": "confirm"})).await;
    realm.user("ana@example.com").await;
    let token = forgot(&app, &realm).await;
    let cases: [(Value, &str); 4] = [
        (
            json!({"password": "short", "password_confirmation": "short"}),
            "at least 8",
        ),
        (
            json!({"password": OTHER, "password_confirmation": "x"}),
            "does not match",
        ),
        (json!({ "password": OTHER }), "Password confirmation is required"),
        (json!({}), "Password is required"),
    ];
    for (mut body, said) in cases {
        body["token"] = json!(token);
        let errors = realm.post("/v2/password/reset", body).await.errors(422);
        assert!(errors.iter().any(|error| error.contains(said)), "{errors:?}");
    }
    reset(&realm, &token, OTHER).await.expect(200);
}

#[tokio::test]
async fn t_17_only_its_own_kind_of_token_resets() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    realm.user("ana@example.com").await;
    let asked = "/v2/users/ana@example.com/request_email_verification";
    let verifying = realm.create(asked, json!({})).await.expect(201);
    let session = realm.session_of("ana@example.com").await;
    let invitation = realm
        .invite(json!({"invitation_type": "referral", "email": "ana@example.com"}))
        .await;
    let token = forgot(&app, &realm).await;
    for wrong in [
        verifying["token"].as_str().unwrap(),
        &session,
        &invitation,
        "",
        "tpw:",
        "x",
    ] {
        let reply = reset(&realm, wrong, OTHER).await;
        assert_eq!(reply.errors(422), ["The token is not valid or has expired"], "{wrong}");
    }
    // T-03: at another realm's host it is as good as none.
    reset(&other, &token, OTHER).await.errors(422);
    realm.login("ana@example.com").await.expect(200);
    assert_eq!(
        reset(&realm, &token, PASSWORD).await.expect(200)["result"],
        "full_login"
    );
}
