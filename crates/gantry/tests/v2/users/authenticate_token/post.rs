//! `POST /v2/users/authenticate_token` (contract 3.2)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, PASSWORD, ip_and_client};

#[tokio::test]
async fn a_password_and_a_code_open_a_session() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let reply = realm.authenticate("ana@example.com").await;
    let token = reply.expect(201);
    assert_eq!(token["object"], "token");
    assert_eq!(token["user_id"], user["id"]);
    let text = token["token"].as_str().unwrap();
    assert!(text.starts_with("tmf:") && text.len() == 26, "{text}");
    assert_eq!(token.as_object().unwrap().len(), 3, "{token}");
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        json!([event["event_type"], event["user_id"], event["session_id"]]),
        json!(["user.login.initiated", user["id"], null])
    );
    // Half a login is no login.
    assert_eq!(realm.list(&sessions_of(&user)).await, Vec::<Value>::new());
    let shown = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(shown["last_login_at"], Value::Null);
    let body = json!({"user": {"token": text, "code": authenticator.code(&app)}, "request": ip_and_client()});
    let reply = realm
        .create("/v2/users/authenticate_token?expand=memberships", body)
        .await;
    let session = reply.expect(201);
    assert_eq!(
        json!([
            session["object"],
            session["user_id"],
            session["request"],
            session["user"]["email"]
        ]),
        json!(["session", user["id"], ip_and_client(), "ana@example.com"])
    );
    assert!(session["token"].as_str().unwrap().starts_with("eyJ"));
    assert_eq!(session["user"]["memberships"], json!([]));
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(event["event_type"], "user.login.succeeded");
    assert_eq!(realm.list(&sessions_of(&user)).await.len(), 1);
    // T-16: the token was good once.
    realm
        .finish(text, &authenticator.code_later(&app, 30))
        .await
        .errors(422);
    assert_eq!(realm.list(&sessions_of(&user)).await.len(), 1);
}

fn sessions_of(user: &Value) -> String {
    format!("/v2/sessions?user_id={}", user["id"].as_str().unwrap())
}

#[tokio::test]
async fn t_02_a_wrong_code_opens_nothing_and_the_token_lives_on() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let token = realm.half("ana@example.com").await;
    let wrong = authenticator.wrong(&app);
    for code in [wrong.as_str(), "", " ", "null"] {
        let reply = realm.finish(&token, code).await;
        assert_eq!(reply.errors(422), ["Verification failed"], "{code}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            json!([event["event_type"], event["user_id"]]),
            json!(["user.login.failed", user["id"]])
        );
    }
    for body in [
        json!({}),
        json!({"user": null}),
        json!({"user": {"token": token}}),
        json!({"user": {"code": authenticator.code(&app)}}),
    ] {
        let reply = realm.create("/v2/users/authenticate_token", body).await;
        assert_eq!(reply.errors(422).len(), 1);
    }
    for body in [json!({"user": {"token": token, "code": ["1"]}}), json!({"user": ["x"]})] {
        let reply = realm.create("/v2/users/authenticate_token", body).await;
        reply.errors(400);
    }
    assert_eq!(realm.list(&sessions_of(&user)).await, Vec::<Value>::new());
    realm.finish(&token, &authenticator.code(&app)).await.expect(201);
}

#[tokio::test]
async fn t_13_of_two_logins_with_one_code_one_wins() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let (one, two) = (realm.half("ana@example.com").await, realm.half("ana@example.com").await);
    let code = authenticator.code(&app);
    let tries = [&one, &two, &one, &two].map(|token| realm.finish(token, &code));
    let replies = futures::future::join_all(tries).await;
    let good = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(good, 1);
    assert_eq!(realm.list(&sessions_of(&user)).await.len(), 1);
}

#[tokio::test]
async fn t_17_no_other_token_finishes_a_login_and_this_one_nothing_else() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let session = realm.authenticate("ana@example.com").await.expect(201);
    let authenticator = realm.authenticator(&user).await;
    let half = realm.half("ana@example.com").await;
    let code = authenticator.code(&app);
    let body = half.strip_prefix("tmf:").unwrap();
    for other in [
        session["token"].as_str().unwrap().to_owned(),
        session["id"].as_str().unwrap().to_owned(),
        format!("tpw:{body}"),
        format!("kli:{body}"),
        body.to_owned(),
        format!("{half} "),
        "tmf:0000000000000000000000".to_owned(),
        String::new(),
    ] {
        realm.finish(&other, &code).await.errors(422);
    }
    // Half a login opens nothing that a session opens.
    let path = format!("/v2/session?session={half}");
    assert_eq!(realm.get(&path).await.status, 403);
    realm.read(&format!("/v2/sessions/{half}")).await.errors(404);
    let verify = json!({"user": {"token": half}});
    assert_eq!(realm.create("/v2/users/verify_email", verify).await.status, 422);
    realm.finish(&half, &code).await.expect(201);
}

#[tokio::test]
async fn t_17_a_user_in_the_path_must_be_the_token_s() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.create(
        "/v2/users",
        json!({"user": {"email": "ana@example.com", "username": "ana", "password": PASSWORD}}),
    );
    let user = user.await.expect(201);
    let other = realm.user("eve@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let finish = async |who: &str, token: &str, code: &str| {
        let path = format!("/v2/users/{who}/authenticate_token");
        realm
            .create(&path, json!({"user": {"token": token, "code": code}}))
            .await
    };
    let token = realm.half("ana@example.com").await;
    let code = authenticator.code(&app);
    let unknown = finish("eve@example.com", "tmf:0000000000000000000000", &code).await;
    for who in [other["id"].as_str().unwrap(), "eve@example.com"] {
        let reply = finish(who, &token, &code).await;
        assert_eq!(reply.errors(422), unknown.errors(422), "{who}");
    }
    for nobody in ["usr_0000000000000000000000", "nobody", "%20"] {
        finish(nobody, &token, &code).await.errors(404);
    }
    // Whoever named another has used nothing up, and has not guessed.
    assert_eq!(realm.list(&sessions_of(&user)).await, Vec::<Value>::new());
    assert_eq!(
        finish("ana", &token, &authenticator.wrong(&app)).await.errors(422),
        ["Verification failed"]
    );
    let session = finish(user["id"].as_str().unwrap(), &token, &code).await.expect(201);
    assert_eq!(session["user_id"], user["id"]);
    for who in ["ANA@example.com", "ana"] {
        app.clock.advance_ms(30_000);
        let token = realm.half("ana@example.com").await;
        finish(who, &token, &authenticator.code(&app)).await.expect(201);
    }
}

#[tokio::test]
async fn what_is_switched_off_meanwhile_ends_the_login() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let authenticator = realm.authenticator(&user).await;
    let token = realm.half("ana@example.com").await;
    realm.switch("totp", "inactive").await;
    realm.finish(&token, &authenticator.code(&app)).await.errors(422);
    // Switched off, it is not asked for.
    assert_eq!(
        realm.authenticate("ana@example.com").await.expect(201)["object"],
        "session"
    );
    realm.switch("totp", "active").await;
    app.clock.advance_ms(599_000);
    realm.finish(&token, &authenticator.code(&app)).await.expect(201);
    let token = realm.half("ana@example.com").await;
    app.clock.advance_ms(600_000);
    realm.finish(&token, &authenticator.code(&app)).await.errors(422);
}

#[tokio::test]
async fn t_03_a_login_is_finished_in_its_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let user = other.user("ana@example.com").await;
    let authenticator = other.authenticator(&user).await;
    let token = other.half("ana@example.com").await;
    let code = authenticator.code(&app);
    own.finish(&token, &code).await.errors(422);
    let body = json!({"user": {"token": token, "code": code}});
    let path = "/v2/users/authenticate_token";
    let read = app.key("read", Some(&other.id)).await;
    app.send(app.with_key(&read, Method::POST, path).json(&body))
        .await
        .errors(403);
    other.finish(&token, &code).await.expect(201);
}
