//! `POST /v2/login` (contract 2.4)

use reqwest::Method;
use reqwest::header::{ACCEPT_LANGUAGE, USER_AGENT};
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, Reply, TestRealm};

async fn login(realm: &TestRealm<'_>, body: Value) -> Reply {
    realm.post("/v2/login", body).await
}

#[tokio::test]
async fn a_user_signs_in_with_json_by_email_username_and_id() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body =
        json!({"realm_id": realm.id, "user": {"email": "Ana@Example.com", "username": "Ana.R", "password": PASSWORD}});
    let user = app.post("/v2/users", body).await.expect(201);
    let id = user["id"].as_str().unwrap();
    for who in ["ana@example.com", " ANA@example.com ", "ana.r", "ANA.R", id] {
        let result = login(&realm, json!({"email": who, "password": PASSWORD}))
            .await
            .expect(200);
        assert_eq!(result["result"], "full_login", "{who}");
        assert!(result["session"].as_str().unwrap().starts_with("kss_"));
        assert!(result["account"].as_str().unwrap().starts_with("org_"));
        assert_eq!(result["token"].as_str().unwrap().split('.').count(), 3);
        assert!(result.get("errors").is_none() && result.get("conditions").is_none());
    }
    // Ids are case-sensitive.
    let shouted = id.to_uppercase().replace("USR_", "usr_");
    login(&realm, json!({"email": shouted, "password": PASSWORD}))
        .await
        .errors(422);
}

#[tokio::test]
async fn a_user_signs_in_with_a_form() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("a+b@example.com").await;
    let form = realm
        .anyone(Method::POST, "/v2/login")
        .form(&[("email", "a+b@example.com"), ("password", PASSWORD)]);
    assert_eq!(app.send(form).await.expect(200)["result"], "full_login");
}

#[tokio::test]
async fn t_07_every_failure_is_one_answer() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let inactive =
        json!({"realm_id": realm.id, "user": {"email": "off@example.com", "password": PASSWORD, "state": "inactive"}});
    app.post("/v2/users", inactive).await.expect(201);
    app.post(
        "/v2/users",
        json!({"realm_id": realm.id, "user": {"email": "bare@example.com"}}),
    )
    .await
    .expect(201);
    let cases = [
        ("ana@example.com", "wrong password"),
        ("nobody@example.com", PASSWORD),
        ("off@example.com", PASSWORD),
        ("bare@example.com", PASSWORD),
        ("ana@example.com", ""),
    ];
    for (email, password) in cases.iter().take(4) {
        let reply = login(&realm, json!({"email": email, "password": password})).await;
        assert_eq!(reply.errors(422), ["Login failed"], "{email}");
        let json = reply.json();
        assert_eq!(
            (json["result"].as_str(), json["error"].as_str()),
            (Some("error"), Some("Login failed"))
        );
        // The refused call left its event and nothing else.
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(event["event_type"], "user.login.failed");
    }
    let sessions = app
        .get(&format!("/v2/sessions?realm_id={}", realm.id))
        .await
        .expect(200);
    assert_eq!(sessions["collection"], json!([]));
}

#[tokio::test]
async fn errors_are_in_the_user_s_language() {
    let app = App::start().await;
    let realm = app.realm().await;
    for (asked, text) in [
        ("es-MX,es;q=0.9", "Error al iniciar sesión"),
        ("eo, ja;q=0.5, en;q=0.1", "ログイン"),
        ("xx", "Login failed"),
    ] {
        let request = realm.anyone(Method::POST, "/v2/login").header(ACCEPT_LANGUAGE, asked);
        let reply = app
            .send(request.json(&json!({"email": "nobody@example.com", "password": "x"})))
            .await;
        assert!(reply.errors(422)[0].contains(text), "{asked}: {}", reply.text);
    }
    // The realm's own language serves those who ask for none.
    let spanish = app.realm_with(json!({"default_locale": "es"})).await;
    let reply = login(&spanish, json!({"email": "nobody@example.com", "password": "x"})).await;
    assert_eq!(reply.errors(422), ["Error al iniciar sesión"]);
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let app = App::start().await;
    let realm = app.realm().await;
    assert_eq!(login(&realm, json!({})).await.errors(422).len(), 2);
    assert_eq!(login(&realm, json!({"email": "a@b.c"})).await.errors(422).len(), 1);
}

#[tokio::test]
async fn the_session_and_its_events_carry_the_caller() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let request = realm.anyone(Method::POST, "/v2/login").header(USER_AGENT, "Phone/1.0");
    let reply = app
        .send(request.json(&json!({"email": "ana@example.com", "password": PASSWORD})))
        .await;
    let session = reply.expect(200)["session"].as_str().unwrap().to_owned();
    let who = json!({"ip": "127.0.0.1", "client": "Phone/1.0"});

    let kept = app
        .get(&format!("/v2/sessions/{session}?realm_id={}", realm.id))
        .await
        .expect(200);
    assert_eq!(kept["request"], who);
    let events = app.events(&realm.id, reply.request_id(), 3).await;
    let types: Vec<_> = events.iter().map(|e| e["event_type"].as_str().unwrap()).collect();
    assert_eq!(types, ["user.login.succeeded", "membership.created", "org.created"]);
    for event in &events {
        assert_eq!(event["request"], who);
        assert_eq!(event["request_id"], reply.request_id());
    }
    assert_eq!(events[0]["user_id"], user["id"]);
    assert!(session.starts_with(events[0]["session_id"].as_str().unwrap()));
    let shown = app
        .get(&format!(
            "/v2/users/{}?realm_id={}",
            user["id"].as_str().unwrap(),
            realm.id
        ))
        .await
        .expect(200);
    assert_eq!(shown["last_login_at"], json!(1_767_225_600.0));
}

#[tokio::test]
async fn a_host_without_domain_or_app_serves_nobody() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let body = json!({"email": "ana@example.com", "password": PASSWORD});
    let elsewhere = app.anyone(Method::POST, "/v2/login").json(&body);
    app.send(elsewhere).await.errors(404);
    let stranger = app
        .anyone(Method::POST, "/v2/login")
        .header("Host", "stranger.localhost")
        .json(&body);
    app.send(stranger).await.errors(404);

    let bare = app
        .post("/v2/realms", json!({"realm": {"name": "No app"}}))
        .await
        .expect(201);
    let id = bare["id"].as_str().unwrap();
    let domain = app
        .post("/v2/domains", json!({"realm_id": id, "domain": {}}))
        .await
        .expect(201);
    let host = domain["fqdn"].as_str().unwrap();
    let at = || app.anyone(Method::POST, "/v2/login").header("Host", host).json(&body);
    app.send(at()).await.errors(404);
    let inactive = json!({"realm_id": id, "client_app": {"name": "Off", "state": "inactive"}});
    app.post("/v2/client_apps", inactive).await.expect(201);
    app.send(at()).await.errors(404);
    // An active one is served at the next request.
    app.post("/v2/client_apps", json!({"realm_id": id, "client_app": {"name": "On"}}))
        .await
        .expect(201);
    app.send(at()).await.errors(422);
}

#[tokio::test]
async fn the_account_is_selected_by_the_rules() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"org_mode": "multi_user"})).await;
    let user = realm.user("ana@example.com").await;
    let (one, two) = (realm.org("One").await, realm.org("Two").await);
    realm.join(&user, &one).await;
    assert_eq!(realm.login("ana@example.com").await.expect(200)["account"], one["id"]);
    realm.join(&user, &two).await;
    let open = realm.login("ana@example.com").await.expect(200);
    assert_eq!(open["result"], "conditional_login");
    assert_eq!(open["conditions"], json!(["no_account_selected"]));
    assert!(open.get("token").is_none() && open["account"].is_null());
    let offered = json!([{"id": one["id"], "name": "One"}, {"id": two["id"], "name": "Two"}]);
    assert_eq!(open["accounts"], offered);
    let body = json!({"email": "ana@example.com", "password": PASSWORD, "account": two["id"]});
    let chosen = login(&realm, body).await.expect(200);
    assert_eq!(
        (chosen["result"].as_str(), &chosen["account"]),
        (Some("full_login"), &two["id"])
    );
    assert!(chosen.get("accounts").is_none());
    let other = realm.org("Other").await;
    let body = json!({"email": "ana@example.com", "password": PASSWORD, "account": other["id"]});
    login(&realm, body).await.errors(422);
}

#[tokio::test]
async fn t_11_no_more_guesses_than_the_limit_whichever_name_is_used() {
    let app = App::start_with(|config| {
        config.limits.insert(
            "password".to_owned(),
            gantry_config::LimitOverride {
                max: Some(3),
                ..Default::default()
            },
        );
    })
    .await;
    let realm = app.realm().await;
    let body =
        json!({"realm_id": realm.id, "user": {"email": "ana@example.com", "username": "ana", "password": PASSWORD}});
    let user = app.post("/v2/users", body).await.expect(201);
    // A right password costs nothing.
    for _ in 0..5 {
        realm.login("ana@example.com").await.expect(200);
    }
    let guesses = [
        "ana@example.com",
        "ANA",
        user["id"].as_str().unwrap(),
        "ana",
        "Ana@Example.com",
        " ana",
    ];
    let guesses = guesses
        .iter()
        .map(|who| login(&realm, json!({"email": who, "password": "guess"})));
    let answers = futures::future::join_all(guesses).await;
    let plain = answers
        .iter()
        .filter(|reply| reply.errors(422) == ["Login failed"])
        .count();
    assert_eq!(plain, 3);
    // Now even the right one is refused, on every path, and says when to come back.
    let refused = realm.login("ana@example.com").await;
    assert_ne!(refused.errors(422), ["Login failed"]);
    assert_eq!(refused.header("retry-after"), "300");
    let core = json!({"realm_id": realm.id, "user": {"password": PASSWORD}});
    app.post("/v2/users/ana/authenticate", core).await.errors(422);
    // Unknown names are counted alike.
    for _ in 0..3 {
        let reply = login(&realm, json!({"email": "nobody@example.com", "password": "guess"})).await;
        assert_eq!(reply.errors(422), ["Login failed"]);
    }
    let unknown = login(&realm, json!({"email": "NOBODY@example.com", "password": "guess"})).await;
    assert_eq!(unknown.errors(422), refused.errors(422));
    app.clock.advance_ms(300_001);
    realm.login("ana@example.com").await.expect(200);
}
