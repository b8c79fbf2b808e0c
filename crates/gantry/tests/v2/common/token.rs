//! Login tokens, read and verified as any client would: with a standard library and what the server publishes.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use super::App;
use gantry_kernel::Clock;

/// Verifies a token with a key out of `/connect/jwks`, found by its `kid`.
#[track_caller]
pub(crate) fn verify_rs256(app: &App, token: &str, jwks: &Value) -> Value {
    let kid = decode_header(token).unwrap().kid.unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"] == kid.as_str());
    let key = key.unwrap_or_else(|| panic!("{kid} is not in {jwks}"));
    let text = |name: &str| key[name].as_str().unwrap();
    let key = DecodingKey::from_rsa_components(text("n"), text("e")).unwrap();
    verify(app, token, &key, Algorithm::RS256)
}

/// Verifies a token with an HS256 realm's secret.
#[track_caller]
pub(crate) fn verify_hs256(app: &App, token: &str, secret: &str) -> Value {
    verify(
        app,
        token,
        &DecodingKey::from_secret(secret.as_bytes()),
        Algorithm::HS256,
    )
}

#[track_caller]
fn verify(app: &App, token: &str, key: &DecodingKey, algorithm: Algorithm) -> Value {
    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&["https://authrocket.com"]);
    rules.set_required_spec_claims(&["iss", "sub", "exp"]);
    // The library would ask the machine for the time; the test's own clock counts.
    rules.validate_exp = false;
    rules.validate_aud = false;
    let claims = decode::<Value>(token, key, &rules).unwrap().claims;
    let now = app.clock.now_ms() / 1000;
    assert!(
        claims["exp"].as_i64().unwrap() > now && claims["iat"].as_i64().unwrap() <= now,
        "{claims}"
    );
    claims
}

/// What a token says, unverified.
pub(crate) fn claims(token: &str) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
