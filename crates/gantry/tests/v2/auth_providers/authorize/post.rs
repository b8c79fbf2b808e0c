//! `POST /v2/auth_providers/authorize` (contract 3.8): a code that a browser brought back

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::external::{BACK, Brought, NONCE, reach_loopback, with_idp};
use crate::common::{App, claims, ip_and_client};

#[tokio::test]
async fn whoever_the_provider_names_is_made_and_signed_in() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let brought = realm.browse(&provider).await;
    let body = json!({
        "code": brought.code, "state": brought.state, "nonce": NONCE, "request": ip_and_client(), "expand": "memberships",
    });
    let reply = realm.create("/v2/auth_providers/authorize", body).await;
    let session = reply.expect(201);
    assert_eq!(session["object"], "session");
    assert_eq!(session["request"], ip_and_client());
    assert_eq!(session["user"]["memberships"], json!([]));
    assert_eq!(claims(session["token"].as_str().unwrap())["email"], "ana@example.com");
    let user = realm.read("/v2/users/ana@example.com").await.expect(200);
    assert_eq!(
        json!([
            user["id"],
            user["first_name"],
            user["last_name"],
            user["email_verification"]
        ]),
        json!([session["user_id"], "Ana", "Ñ", "verified"])
    );
    let tie = &user["credentials"][0];
    assert_eq!(
        json!([tie["credential_type"], tie["provider_user_id"], tie["auth_provider_id"]]),
        json!(["oauth2", "their-1", provider["id"]])
    );
    let events = app.events(&realm.id, reply.request_id(), 2).await;
    assert_eq!(
        json!([
            events[0]["event_type"],
            events[1]["event_type"],
            events[1]["auth_provider_id"]
        ]),
        json!(["user.login.succeeded", "user.created", provider["id"]])
    );
    // The next time it is the same user.
    let again = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(again["user_id"], user["id"]);
    assert_eq!(realm.list("/v2/users").await.len(), 1);
    assert!(!reply.text.contains("canary"), "T-33");
}

#[tokio::test]
async fn t_33_the_provider_s_token_is_shown_to_keys_that_write_and_to_nobody_else() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    realm.sign_in_at(&provider).await.expect(201);
    let user = realm.read("/v2/users/ana@example.com").await;
    let path = format!(
        "/v2/credentials/{}",
        user.expect(200)["credentials"][0]["id"].as_str().unwrap()
    );
    let shown = realm.read(&path).await.expect(200);
    assert_eq!(shown["access_token"], "canary-access-token");
    assert_eq!(shown["token_expires_at"], json!(1_767_225_600.0 + 3600.0));
    let key = app.key("read", Some(&realm.id)).await;
    let read = app.send(app.with_key(&key, Method::GET, &path)).await;
    assert_eq!(read.expect(200)["provider_user_id"], "their-1");
    for reply in [user, read, realm.read("/v2/auth_providers").await] {
        assert!(!reply.text.contains("canary"), "{}", reply.text);
    }
    // A later token takes the place of the earlier one.
    idp.lie("token", |told| told["access_token"] = json!("canary-access-token-2"));
    realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(
        realm.read(&path).await.expect(200)["access_token"],
        "canary-access-token-2"
    );
}

#[tokio::test]
async fn t_25_a_failed_try_does_not_burn_the_state_and_a_good_one_does() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let brought = realm.browse(&provider).await;
    let wrong = Brought {
        code: "code-wrong".to_owned(),
        ..brought.clone()
    };
    for _ in 0..2 {
        let failed = realm.bring(&wrong).await.expect(422);
        assert_eq!(failed["errors"], json!(["Error validating code"]));
        let retry = failed["retry_url"].as_str().unwrap();
        assert!(retry.starts_with(&format!("{}/authorize?", idp.issuer())), "{retry}");
    }
    realm.bring(&brought).await.expect(201);
    assert_eq!(realm.bring(&brought).await.errors(422).len(), 1);
    // The address that the failure named leads to a sign-in like any other, bound to the same nonce.
    let failed = realm.browse(&provider).await;
    let failed = Brought {
        code: "code-wrong".to_owned(),
        ..failed
    };
    let retry = realm.bring(&failed).await.expect(422)["retry_url"].clone();
    let brought = realm.follow(retry.as_str().unwrap()).await;
    realm.bring(&brought).await.expect(201);
    assert_eq!(realm.list("/v2/users").await.len(), 1);
}

#[tokio::test]
async fn t_25_a_sign_in_is_finished_once_by_whom_and_where_it_was_begun() {
    let (app, idp) = with_idp().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let provider = realm.oidc(&idp).await;
    other.oidc(&idp).await;
    let brought = realm.browse(&provider).await;
    let bring = async |state: &str, nonce: Value| {
        let body = json!({"code": brought.code, "state": state, "nonce": nonce});
        realm.create("/v2/auth_providers/authorize", body).await
    };
    for nonce in [json!("another's"), json!(""), json!(null)] {
        bring(&brought.state, nonce).await.errors(422);
    }
    let mut forged = brought.state.clone().into_bytes();
    forged[30] = if forged[30] == b'A' { b'B' } else { b'A' };
    for state in [String::from_utf8(forged).unwrap(), String::new(), "x".repeat(20_000)] {
        bring(&state, json!(NONCE)).await.errors(422);
    }
    // T-03: another realm's sign-in is none here.
    other.bring(&brought).await.errors(422);
    assert_eq!(idp.calls(), ["metadata"], "none of these came as far as the provider");
    let tries = (0..4).map(|_| realm.bring(&brought));
    let replies = futures::future::join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    for realm in [&realm, &other] {
        let left = if realm.id == other.id { 0 } else { 1 };
        assert_eq!(realm.list("/v2/users").await.len(), left);
    }
}

#[tokio::test]
async fn a_sign_in_has_half_an_hour_and_an_active_provider() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let id = provider["id"].as_str().unwrap();
    let brought = realm.browse(&provider).await;
    app.clock.advance_ms(30 * 60 * 1000);
    realm.bring(&brought).await.errors(422);
    let brought = realm.browse(&provider).await;
    realm.switch(id, "inactive").await;
    realm.bring(&brought).await.errors(422);
    realm.switch(id, "active").await;
    realm.bring(&brought).await.expect(201);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_here_too() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let user = json!({"user": {"email": "ana@example.com", "email_verification": "verified"}});
    let user = realm.create("/v2/users", user).await.expect(201);
    let authenticator = realm.authenticator(&user).await;
    let provider = realm.oidc(&idp).await;
    let half = realm.sign_in_at(&provider).await.expect(201);
    assert_eq!(json!([half["object"], half["user_id"]]), json!(["token", user["id"]]));
    let token = half["token"].as_str().unwrap();
    let session = realm.finish(token, &authenticator.code(&app)).await.expect(201);
    assert_eq!(session["user_id"], user["id"]);
}

#[tokio::test]
async fn an_inactive_user_stays_outside() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let user = json!({"user": {"email": "ana@example.com", "email_verification": "verified", "state": "inactive"}});
    let user = realm.create("/v2/users", user).await.expect(201);
    let provider = realm.oidc(&idp).await;
    let reply = realm.sign_in_at(&provider).await;
    assert_eq!(reply.errors(422), ["Login failed"]);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        json!([event["event_type"], event["user_id"], event["auth_provider_id"]]),
        json!(["user.login.failed", user["id"], provider["id"]])
    );
}

#[tokio::test]
async fn the_dummy_takes_one_code() {
    let app = App::start_with(|config| config.dummy_provider = true).await;
    let realm = app.realm().await;
    let body = json!({"auth_provider": {"provider_type": "dummy"}});
    let provider = realm.create("/v2/auth_providers", body).await.expect(201);
    let asked = realm.ask(&provider).await.expect(200);
    let url = asked["auth_url"].as_str().unwrap();
    assert!(url.starts_with(BACK), "{url}");
    let brought = Brought {
        code: crate::common::external::parameter(url, "code").unwrap(),
        state: crate::common::external::parameter(url, "state").unwrap(),
    };
    assert_eq!(brought.code, "abcdefgh");
    let wrong = Brought {
        code: "invalid".to_owned(),
        ..brought.clone()
    };
    let failed = realm.bring(&wrong).await.expect(422);
    assert_eq!(failed["errors"], json!(["Error validating code"]));
    assert!(failed["retry_url"].as_str().unwrap().starts_with("http"));
    let session = realm.bring(&brought).await.expect(201);
    assert_eq!(session["user"]["email"], "dummy@example.com");
}

#[tokio::test]
async fn t_27_a_provider_at_a_private_address_is_not_called() {
    let app = App::start_with(|config| config.egress.allow_http = true).await;
    let idp = crate::common::Idp::start(&app.clock).await;
    let realm = app.realm().await;
    let by_issuer = realm.oidc(&idp).await;
    assert_eq!(realm.ask(&by_issuer).await.status, 503);
    let at = |path: &str| format!("{}{path}", idp.issuer());
    let settings = json!({
        "provider_type": "oauth2", "authorization_url": at("/authorize"), "token_url": at("/token"), "profile_url": at("/me"),
    });
    let by_address = realm.external(settings).await;
    let brought = realm.browse(&by_address).await;
    assert_eq!(
        realm.bring(&brought).await.expect(422)["errors"],
        json!(["Error validating code"])
    );
    assert_eq!(idp.calls(), Vec::<String>::new());
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
    // Over HTTPS alone, unless the operator says otherwise.
    let strict = App::start_with(|config| {
        reach_loopback(config);
        config.egress.allow_http = false;
    })
    .await;
    let realm = strict.realm().await;
    let plain = json!({"auth_provider": {"provider_type": "oauth2", "client_id": "x", "issuer": idp.issuer()}});
    realm.create("/v2/auth_providers", plain).await.errors(422);
}
