//! Tokens as others see them (contract 4): a standard JWT library verifies them, and they are handed back while they hold.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::RealmId;
use gantry_proto::Permission;
use gantry_proto::session::v2::{CheckTokenRequest, CheckTokenResponse, GetJwksRequest, GetSessionRequest, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::stage::{START_S, Stage, as_browser, as_key, as_writer, realm, record, told};

/// A token's claims, unverified.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// The realm's public keys.
pub(crate) async fn jwks(stage: &Stage, realm: &RealmId) -> Vec<Jwk> {
    let answer = stage.client().get_jwks(as_browser(GetJwksRequest {}, realm, "")).await;
    told(answer).unwrap().keys
}

pub(crate) async fn check(stage: &Stage, realm: &RealmId, token: &str) -> CheckTokenResponse {
    let request = CheckTokenRequest {
        token: token.to_owned(),
        realm_id: None,
    };
    told(stage.client().check_token(as_writer(request, realm)).await).unwrap()
}

fn decoded(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Value {
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&["https://authrocket.com"]);
    // The machine's clock is not the test's.
    validation.validate_exp = false;
    jsonwebtoken::decode::<Value>(token, key, &validation).unwrap().claims
}

#[tokio::test]
async fn a_standard_library_verifies_rs256_by_the_jwks() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let pem = stage.provide(&realm, "rs256").await.unwrap();
    let mut user = stage.user(&realm, 1);
    user.jwt_algo = "rs256".to_owned();
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.unwrap();
    let keys = jwks(&stage, &realm).await;
    assert_eq!(keys.len(), 1);
    let jwk = &keys[0];
    assert_eq!(
        (jwk.kty.as_str(), jwk.r#use.as_str(), jwk.alg.as_str()),
        ("RSA", "sig", "RS256")
    );
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(
        (header.alg, header.kid.as_deref()),
        (Algorithm::RS256, Some(jwk.kid.as_str()))
    );
    let by_parts = DecodingKey::from_rsa_components(&jwk.n, &jwk.e).unwrap();
    let by_pem = DecodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    // As the published clients do it: the x5c wrapped in armour.
    let wrapped = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", jwk.x5c[0]);
    let by_x5c = DecodingKey::from_rsa_pem(wrapped.as_bytes()).unwrap();
    for key in [by_parts, by_pem, by_x5c] {
        let claims = decoded(&token, &key, Algorithm::RS256);
        assert_eq!(claims["sid"], opened.id);
        assert_eq!(
            (&claims["iat"], &claims["exp"]),
            (&START_S.into(), &opened.expires_at.into())
        );
    }
    assert!(check(&stage, &realm, &token).await.valid);
}

#[tokio::test]
async fn a_standard_library_verifies_hs256_by_the_whole_jsk_text() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let secret = stage.provide(&realm, "hs256").await.unwrap();
    let token = stage.open(&stage.user(&realm, 1)).await.unwrap().token.unwrap();
    assert!(secret.starts_with("jsk_"));
    let claims = decoded(&token, &DecodingKey::from_secret(secret.as_bytes()), Algorithm::HS256);
    assert_eq!(claims["rid"], realm.as_str());
    assert_eq!(claims["email_verified"], false);
    // A secret is in no key set.
    assert_eq!(jwks(&stage, &realm).await.len(), 0);
}

#[tokio::test]
async fn check_token_tells_what_a_good_token_says() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.unwrap();
    let good = check(&stage, &realm, &token).await;
    assert!(good.valid);
    assert_eq!(
        (good.user_id.as_str(), good.session_id.as_str()),
        (user.user_id.as_str(), opened.id.as_str())
    );
    assert_eq!(good.expires_at, opened.expires_at);
    assert_eq!(serde_json::from_str::<Value>(&good.claims).unwrap(), claims(&token));
    let request = CheckTokenRequest { token, realm_id: None };
    let reader = told(
        stage
            .client()
            .check_token(as_key(request, &realm, Permission::Read))
            .await,
    )
    .unwrap();
    assert_eq!(reader.session_id, record(&opened.id));
}

#[tokio::test]
async fn a_token_is_handed_back_until_what_it_says_changes() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let first = opened.token.unwrap();
    stage.clock.advance_ms(60_000);
    let held = async || stage.look(&realm, &opened.id, None).await.unwrap().token.unwrap();
    assert_eq!(held().await, first);
    stage
        .auth
        .change(&user.user_id, |profile| profile.name = "Ana Pérez".to_owned());
    let second = held().await;
    assert_eq!(claims(&second)["name"], "Ana Pérez");
    assert_eq!(
        (&claims(&second)["iat"], &claims(&second)["exp"]),
        (&(START_S + 60).into(), &claims(&first)["exp"])
    );
    stage.clock.advance_ms(60_000);
    assert_eq!(held().await, second);
    // Another process hands back the same one.
    let other = stage.another(super::stage::SECRET, 2);
    assert_eq!(
        other.look(&realm, &opened.id, None).await.unwrap().token.unwrap(),
        second
    );
}

#[tokio::test]
async fn a_back_ends_copy_ends_when_the_session_always_did_and_does_not_replace_the_browsers() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let mut user = stage.user(&realm, 1);
    user.scopes.push("ar.orgs".to_owned());
    stage.auth.put(user.clone());
    let opened = stage.open(&user).await.unwrap();
    stage.clock.advance_ms(1_000_000);
    let get = GetSessionRequest {
        id: opened.id.clone(),
        expand: vec!["token".to_owned()],
        realm_id: None,
    };
    let copy = told(stage.client().get_session(as_writer(get, &realm)).await)
        .unwrap()
        .token
        .unwrap();
    let copy = claims(&copy);
    assert_eq!(
        (&copy["exp"], &copy["sid"]),
        (&opened.expires_at.into(), &opened.id.clone().into())
    );
    assert_eq!(copy["orgs"].as_array().unwrap().len(), 2);
    let held = stage.look(&realm, &opened.id, None).await.unwrap();
    assert_eq!(held.token, opened.token);
}

#[tokio::test]
async fn a_realm_that_changes_its_algorithm_gets_new_tokens_and_the_old_ones_hold() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let old = opened.token.unwrap();
    stage.provide(&realm, "rs256").await.unwrap();
    assert_eq!(stage.look(&realm, &opened.id, None).await.unwrap().token.unwrap(), old);
    stage
        .auth
        .change(&user.user_id, |profile| profile.jwt_algo = "rs256".to_owned());
    let new = stage.look(&realm, &opened.id, None).await.unwrap().token.unwrap();
    assert_eq!(jsonwebtoken::decode_header(&new).unwrap().alg, Algorithm::RS256);
    assert!(check(&stage, &realm, &old).await.valid);
    assert!(check(&stage, &realm, &new).await.valid);
}

#[tokio::test]
async fn t_19_a_key_that_is_gone_is_dead_at_once_though_it_was_just_in_use() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let mut user = stage.user(&realm, 1);
    user.jwt_algo = "rs256".to_owned();
    stage.auth.put(user.clone());
    let opened = stage.open(&user).await.unwrap();
    let token = opened.token.unwrap();
    assert!(check(&stage, &realm, &token).await.valid);
    stage.sql("DELETE FROM session_keys").await;
    assert!(!check(&stage, &realm, &token).await.valid);
    assert_eq!(jwks(&stage, &realm).await, []);
}
