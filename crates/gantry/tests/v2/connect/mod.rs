//! `GET /connect/jwks` (contract 4)

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use crate::common::App;

#[tokio::test]
async fn a_standard_library_verifies_a_token_by_the_published_key() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let token = realm.login("ana@example.com").await.expect(200)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let reply = realm.get("/connect/jwks").await;
    assert!(reply.header("content-type").starts_with("application/json"));
    let json = reply.expect(200);
    assert_eq!(json["keys"].as_array().unwrap().len(), 1);
    let key = &json["keys"][0];
    assert_eq!(
        (&key["kty"], &key["use"], &key["alg"]),
        (&json!("RSA"), &json!("sig"), &json!("RS256"))
    );
    // What the published clients do: wrap x5c in PEM armour and get the realm's own key.
    let shown = app.get(&format!("/v2/realms/{}", realm.id)).await.expect(200);
    let pem = shown["jwt_key"]
        .as_str()
        .unwrap()
        .lines()
        .filter(|l| !l.starts_with("--"))
        .collect::<String>();
    assert_eq!(key["x5c"], json!([pem]));

    let set: JwkSet = serde_json::from_value(json.clone()).unwrap();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&["https://authrocket.com"]);
    // The clock of this test stands still at the beginning of 2026.
    rules.validate_exp = false;
    let claims = decode::<Value>(&token, &key, &rules).unwrap().claims;
    assert_eq!(
        (&claims["sub"], &claims["email"], &claims["name"]),
        (&user["id"], &json!("ana@example.com"), &json!("ana@example.com"))
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        24 * 3600
    );
}

#[tokio::test]
async fn a_realm_with_hs256_publishes_nothing_and_its_secret_verifies() {
    let app = App::start().await;
    let realm = app.realm_with(json!({"jwt_algo": "hs256"})).await;
    realm.user("ana@example.com").await;
    let token = realm.login("ana@example.com").await.expect(200)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(realm.get("/connect/jwks").await.expect(200), json!({"keys": []}));
    let secret = app.get(&format!("/v2/realms/{}", realm.id)).await.expect(200)["jwt_key"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(secret.starts_with("jsk_") && (32..=256).contains(&secret.len()));
    let mut rules = Validation::new(Algorithm::HS256);
    rules.validate_exp = false;
    decode::<Value>(&token, &DecodingKey::from_secret(secret.as_bytes()), &rules).unwrap();
}
