//! `POST /v2/users/:id/authenticate` (contract 3.2)

use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm, claims, field, ip_and_client, verify_rs256};

async fn authenticate(realm: &TestRealm<'_>, who: &str, password: &str) -> Reply {
    let body = json!({"user": {"password": password}});
    realm.create(&format!("/v2/users/{who}/authenticate"), body).await
}

async fn sessions(realm: &TestRealm<'_>) -> Vec<Value> {
    realm.list("/v2/sessions").await
}

#[tokio::test]
async fn the_right_password_opens_a_session_with_a_token() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"user": {"email": "ana+x@example.com", "username": "Ana", "password": PASSWORD}});
    let user = realm.create("/v2/users", body).await.expect(201);
    let jwks = realm.get("/connect/jwks").await.expect(200);
    for who in [
        user["id"].as_str().unwrap(),
        "ana+x@example.com",
        "ANA%2BX@example.com",
        "ana",
    ] {
        let session = authenticate(&realm, who, PASSWORD).await.expect(201);
        assert_eq!(
            (&session["object"], &session["user_id"]),
            (&json!("session"), &user["id"]),
            "{who}"
        );
        assert!(session["id"].as_str().unwrap().starts_with("kss_"));
        assert_eq!(session["expires_at"], 1_767_225_600 + 1440 * 60);
        assert_eq!(
            (&session["realm_id"], &session["client_app_id"]),
            (&json!(realm.id), &Value::Null)
        );
        let said = verify_rs256(&app, session["token"].as_str().unwrap(), &jwks);
        assert_eq!(
            (&said["sub"], &said["sid"], &said["exp"]),
            (&user["id"], &session["id"], &session["expires_at"])
        );
        assert_eq!(session["user"]["email"], "ana+x@example.com");
        assert_eq!(
            session["user"]["last_login_at"],
            json!(1_767_225_600.0),
            "this very login counts"
        );
    }
    assert_eq!(sessions(&realm).await.len(), 4);
}

#[tokio::test]
async fn the_password_may_stand_bare_or_in_a_form() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let path = "/v2/users/ana@example.com/authenticate";
    realm.create(path, json!({"password": PASSWORD})).await.expect(201);
    for name in ["user[password]", "password"] {
        let form = realm.core(Method::POST, path).form(&[(name, PASSWORD)]);
        app.send(form).await.expect(201);
    }
}

#[tokio::test]
async fn a_wrong_password_fails_and_opens_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let inactive = json!({"user": {"email": "off@example.com", "password": PASSWORD, "state": "inactive"}});
    realm.create("/v2/users", inactive).await.expect(201);
    realm
        .create("/v2/users", json!({"user": {"email": "bare@example.com"}}))
        .await
        .expect(201);
    for (who, password) in [
        ("ana@example.com", "wrong password"),
        ("ana@example.com", &PASSWORD.to_uppercase()),
        ("ana@example.com", ""),
        ("ana@example.com", &"x".repeat(5000)),
        ("off@example.com", PASSWORD),
        ("bare@example.com", PASSWORD),
        ("bare@example.com", ""),
    ] {
        let reply = authenticate(&realm, who, password).await;
        assert_eq!(reply.errors(422), ["Login failed"], "{who}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(event["event_type"], "user.login.failed");
        assert_eq!(event["session_id"], Value::Null);
    }
    for body in [json!({}), json!({"user": null}), json!({"user": {}})] {
        assert_eq!(
            realm
                .create("/v2/users/ana@example.com/authenticate", body)
                .await
                .errors(422),
            ["Login failed"]
        );
    }
    assert_eq!(sessions(&realm).await, Vec::<Value>::new());
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown, user, "no login was noted down");
    let types = realm.history_types().await;
    assert_eq!(types.iter().filter(|t| *t == "user.login.failed").count(), 10);
    assert_eq!(types.len(), 13);
}

#[tokio::test]
async fn an_unknown_user_is_not_found_and_leaves_no_trace() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    other.user("ana@example.com").await;
    for who in ["ana@example.com", "nobody", "usr_0000000000000000000000", "%E3%81%82"] {
        authenticate(&realm, who, PASSWORD).await.errors(404);
    }
    assert_eq!(realm.history_types().await, Vec::<String>::new());
    assert_eq!(other.history_types().await, ["user.created"]);
}

#[tokio::test]
async fn the_failure_is_told_in_the_language_asked_for() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    for (asked, text) in [
        ("es", "Error al iniciar sesión"),
        ("xx", "Login failed"),
        ("en", "Login failed"),
    ] {
        let request = realm
            .core(Method::POST, "/v2/users/ana@example.com/authenticate")
            .header(ACCEPT_LANGUAGE, asked)
            .json(&json!({"user": {"password": "wrong one"}}));
        assert_eq!(app.send(request).await.errors(422), [text]);
    }
}

#[tokio::test]
async fn the_request_hash_is_on_the_event_and_on_the_session() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let path = "/v2/users/ana@example.com/authenticate";
    let body = json!({"user": {"password": PASSWORD}, "request": ip_and_client()});
    let reply = realm.create(path, body).await;
    let session = reply.expect(201);
    assert_eq!(session["request"], ip_and_client());
    let shown = realm
        .read(&format!("/v2/sessions/{}", session["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(shown["request"], ip_and_client());
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["user_id"]),
        (&json!("user.login.succeeded"), &user["id"])
    );
    assert_eq!(event["request"], ip_and_client());
    let named = event["session_id"].as_str().unwrap();
    assert!(
        session["id"].as_str().unwrap().starts_with(named) && named.len() == 26,
        "only the record's id"
    );
    // A refused login, too, says where it came from.
    let body = json!({"user": {"password": "wrong one"}, "request": ip_and_client()});
    let failed = realm.create(path, body).await;
    failed.errors(422);
    assert_eq!(
        app.event(&realm.id, failed.request_id()).await["request"],
        ip_and_client()
    );
    // Nonsense in it refuses the call before the password is looked at.
    let body = json!({"user": {"password": PASSWORD}, "request": {"ip": "10.0.0.1; drop"}});
    realm.create(path, body).await.errors(422);
    assert_eq!(sessions(&realm).await.len(), 1);
}

#[tokio::test]
async fn memberships_come_when_asked() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let org = realm.org("One").await;
    realm.join(&user, &org).await;
    let path = "/v2/users/ana@example.com/authenticate";
    let body = json!({"user": {"password": PASSWORD}});
    let plain = realm.create(path, body.clone()).await.expect(201);
    assert!(plain["user"].get("memberships").is_none());
    for query in ["expand=memberships", "expands=memberships", "expand[]=memberships"] {
        let session = realm.create(&format!("{path}?{query}"), body.clone()).await.expect(201);
        assert_eq!(session["user"]["memberships"][0]["org"]["id"], org["id"], "{query}");
    }
    let mut beside = body.clone();
    beside["expand"] = json!("memberships");
    let session = realm.create(path, beside).await.expect(201);
    assert_eq!(
        field(session["user"]["memberships"].as_array().unwrap(), "org_id").len(),
        1
    );
    realm.create(&format!("{path}?expand=secrets"), body).await.errors(422);
    assert_eq!(sessions(&realm).await.len(), 5);
}

#[tokio::test]
async fn the_token_lists_all_orgs_where_the_scope_says_so() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"jwt_scopes": "openid ar.orgs"})).await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    for org in [&one, &two] {
        realm.join(&user, org).await;
    }
    let session = authenticate(&realm, "ana@example.com", PASSWORD).await.expect(201);
    let said = claims(session["token"].as_str().unwrap());
    let orgs = said["orgs"].as_array().unwrap();
    assert_eq!(
        field(orgs, "oid"),
        [one["id"].as_str().unwrap(), two["id"].as_str().unwrap()]
    );
    assert!(orgs.iter().all(|org| org["mid"].as_str().unwrap().starts_with("mb_")));
    let silent = app.realm().await;
    silent.user("ana@example.com").await;
    let session = authenticate(&silent, "ana@example.com", PASSWORD).await.expect(201);
    assert!(claims(session["token"].as_str().unwrap()).get("orgs").is_none());
    // The Core API makes no orgs of its own.
    assert_eq!(silent.list("/v2/orgs").await, Vec::<Value>::new());
}

#[tokio::test]
async fn t_03_a_locked_key_signs_in_its_own_users_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    for realm in [&own, &other] {
        realm.user("ana@example.com").await;
    }
    let key = app.key("write", Some(&own.id)).await;
    let path = "/v2/users/ana@example.com/authenticate";
    let sign_in = |path: String| {
        let request = app.holder(&key, Method::POST, &path);
        app.send(request.json(&json!({"user": {"password": PASSWORD}})))
    };
    assert_eq!(sign_in(path.to_owned()).await.expect(201)["realm_id"], own.id.as_str());
    sign_in(format!("{path}?realm_id={}", other.id)).await.errors(404);
    assert_eq!(sessions(&other).await, Vec::<Value>::new());
    assert_eq!(other.history_types().await, ["user.created"]);
}
