//! `POST /v2/auth_providers/:id/authorize` (contract 3.8): an access token that an application got by itself

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::external::with_idp;
use crate::common::{App, Reply, TestRealm};

async fn bring(realm: &TestRealm<'_>, provider: &str, token: &str) -> Reply {
    let path = format!("/v2/auth_providers/{provider}/authorize");
    realm.create(&path, json!({"access_token": token})).await
}

#[tokio::test]
async fn the_operator_s_own_provider_says_whose_a_token_is() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let id = provider["id"].as_str().unwrap();
    let session = bring(&realm, id, "canary-access-token").await.expect(201);
    assert_eq!(
        json!([session["object"], session["user"]["email"]]),
        json!(["session", "ana@example.com"])
    );
    for wrong in ["another", "x\r\nX-Evil: 1", "é", &"x".repeat(20_000)] {
        let reply = bring(&realm, id, wrong).await;
        assert_eq!(reply.errors(422).len(), 1);
        assert!(!reply.text.contains("canary"));
    }
    assert_eq!(bring(&realm, id, "").await.errors(422), ["Access token is required"]);
    assert_eq!(realm.list("/v2/users").await.len(), 1);
}

#[tokio::test]
async fn t_06_where_nobody_tells_for_whom_a_token_is_it_is_refused() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    for kind in ["linkedin", "slack", "yahoo"] {
        let settings = json!({"provider_type": kind, "profile_url": format!("{}/me", idp.issuer())});
        realm.external(settings).await;
        let reply = bring(&realm, kind, "canary-access-token").await;
        assert_eq!(reply.errors(422), ["The access token was not accepted"], "{kind}");
    }
    assert_eq!(idp.calls(), Vec::<String>::new());
    assert_eq!(realm.list("/v2/users").await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_dummy_takes_one_token() {
    let app = App::start_with(|config| config.dummy_provider = true).await;
    let realm = app.realm().await;
    let body = json!({"auth_provider": {"provider_type": "dummy"}});
    realm.create("/v2/auth_providers", body).await.expect(201);
    let session = bring(&realm, "dummy", "abcdefgh").await.expect(201);
    assert_eq!(session["user"]["email"], "dummy@example.com");
    bring(&realm, "dummy", "invalid").await.errors(422);
    realm.switch("dummy", "inactive").await;
    bring(&realm, "dummy", "abcdefgh").await.errors(404);
    for kind in ["password", "totp", "google"] {
        bring(&realm, kind, "abcdefgh").await.errors(404);
    }
}

#[tokio::test]
async fn t_03_only_who_may_write_in_the_realm_signs_in_by_token() {
    let (app, idp) = with_idp().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let theirs = other.oidc(&idp).await;
    let path = format!("/v2/auth_providers/{}/authorize", theirs["id"].as_str().unwrap());
    let body = json!({"access_token": "canary-access-token"});
    for (key, status) in [
        (app.key("write", Some(&own.id)).await, 404),
        (app.key("read", Some(&other.id)).await, 403),
    ] {
        let request = app.with_key(&key, Method::POST, &path).json(&body);
        app.send(request).await.errors(status);
    }
    assert_eq!(other.list("/v2/users").await, Vec::<Value>::new());
}
