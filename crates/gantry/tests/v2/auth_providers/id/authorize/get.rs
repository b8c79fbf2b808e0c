//! `GET /v2/auth_providers/:id/authorize` (contract 3.8)

use serde_json::json;

use crate::common::App;
use crate::common::external::{BACK, NONCE, parameter, with_idp};

#[tokio::test]
async fn the_address_is_the_issuer_s_own() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    let asked = realm.ask(&provider).await.expect(200);
    assert_eq!(
        json!([asked["object"], asked["id"], asked["provider_type"]]),
        json!(["auth_provider", provider["id"], "oauth2"])
    );
    let url = asked["auth_url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/authorize?", idp.issuer())), "{url}");
    assert_eq!(parameter(url, "redirect_uri").as_deref(), Some(BACK));
    assert_eq!(parameter(url, "scope").as_deref(), Some("openid email profile"));
    let nonce = parameter(url, "nonce").unwrap();
    assert!(nonce.len() == 43 && nonce != NONCE, "{nonce}");
    // What an issuer says about itself is asked for once in a while.
    realm.ask(&provider).await.expect(200);
    assert_eq!(idp.calls(), ["metadata"]);
    app.clock.advance_ms(10 * 60 * 1000);
    realm.ask(&provider).await.expect(200);
    assert_eq!(idp.calls(), ["metadata", "metadata"]);
}

#[tokio::test]
async fn what_is_not_external_or_not_active_has_no_address() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.switch("totp", "active").await;
    realm.external(json!({"provider_type": "google"})).await;
    realm.switch("google", "inactive").await;
    for kind in ["password", "totp", "google", "github"] {
        let path = format!("/v2/auth_providers/{kind}/authorize?redirect_uri={BACK}");
        realm.read(&path).await.errors(404);
    }
    realm.switch("google", "active").await;
    let path = format!("/v2/auth_providers/google/authorize?redirect_uri={BACK}");
    realm.read(&path).await.expect(200);
}

#[tokio::test]
async fn t_06_an_issuer_s_word_about_itself_must_be_its_own() {
    let (app, idp) = with_idp().await;
    let realm = app.realm().await;
    let provider = realm.oidc(&idp).await;
    for (field, value) in [
        ("issuer", json!("https://accounts.google.com")),
        ("issuer", json!(null)),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("authorization_endpoint", json!("https://u:p@evil.example/")),
        ("token_endpoint", json!("file:///etc/passwd")),
        ("jwks_uri", json!([])),
    ] {
        let lie = value.clone();
        idp.lie("metadata", move |told| told[field] = lie.clone());
        assert_eq!(realm.ask(&provider).await.status, 503, "{field} {value}");
        app.clock.advance_ms(10 * 60 * 1000);
    }
    idp.honest();
    realm.ask(&provider).await.expect(200);
}
