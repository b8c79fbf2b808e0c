//! Forged tokens (T-18): each of these opened doors somewhere once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::{RealmId, Reason};
use gantry_proto::session::v2::{CheckTokenResponse, GetSessionRequest};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::stage::{START_S, Stage, as_writer, realm, told};
use super::tokens::{check, claims, jwks};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token with any header, signed with HMAC.
fn signed(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{signed}.{signature}")
}

/// A token with only what a library would write.
fn plain(kid: &str, claims: &Value, secret: &[u8]) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(kid.to_owned());
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

async fn refused(stage: &Stage, realm: &RealmId, token: &str, what: &str) {
    assert_eq!(
        check(stage, realm, token).await,
        CheckTokenResponse::default(),
        "{what}"
    );
    let get = GetSessionRequest {
        id: token.to_owned(),
        ..GetSessionRequest::default()
    };
    let problem = told(stage.client().get_session(as_writer(get, realm)).await).unwrap_err();
    assert_eq!(problem.reason, Reason::NotFound, "{what}");
}

#[tokio::test]
async fn t_18_no_forged_header_is_believed() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let secret = stage.provide(&realm, "hs256").await.unwrap();
    let token = stage.open(&stage.user(&realm, 1)).await.unwrap().token.unwrap();
    let secret = secret.as_bytes();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let claims = claims(&token);
    let header = |more: Value| {
        let mut header = json!({"alg": "HS256", "kid": kid});
        for (name, value) in more.as_object().unwrap() {
            header[name] = value.clone();
        }
        header
    };
    // The forge itself works: what is refused below is refused for its header.
    assert!(
        check(&stage, &realm, &signed(&header(json!({})), &claims, secret))
            .await
            .valid
    );
    for more in [
        json!({"alg": "none"}),
        json!({"alg": "NONE"}),
        json!({"alg": "HS384"}),
        json!({"alg": "hs256"}),
        json!({"alg": "RS256"}),
        json!({"alg": ""}),
        json!({"kid": "jwk_0000000000000000000000"}),
        json!({"kid": "../../../../dev/null"}),
        json!({"kid": "x' UNION SELECT 'key' --"}),
        json!({"kid": ""}),
        json!({"kid": null}),
        json!({"jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"jku": "https://evil.example/jwks"}),
        json!({"x5u": "https://evil.example/cert"}),
        json!({"x5c": ["AAAA"]}),
        json!({"crit": ["exp"]}),
        json!({"crit": []}),
        json!({"b64": false, "crit": ["b64"]}),
        json!({"zip": "DEF"}),
        json!({"typ": "JWE"}),
    ] {
        let forged = signed(&header(more.clone()), &claims, secret);
        refused(&stage, &realm, &forged, &more.to_string()).await;
    }
    let unsigned = format!("{}.{}.", part(&json!({"alg": "none", "kid": kid})), part(&claims));
    refused(&stage, &realm, &unsigned, "alg none without a signature").await;
    let (bare, _) = token.rsplit_once('.').unwrap();
    for forged in [
        bare.to_owned(),
        format!("{bare}."),
        format!("{bare}.AAAA"),
        format!("{token}.x"),
        String::from(".."),
    ] {
        refused(&stage, &realm, &forged, &forged).await;
    }
}

#[tokio::test]
async fn t_18_an_rsa_public_key_is_no_hmac_secret() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let pem = stage.provide(&realm, "rs256").await.unwrap();
    let mut user = stage.user(&realm, 1);
    user.jwt_algo = "rs256".to_owned();
    let token = stage.open(&user).await.unwrap().token.unwrap();
    let claims = claims(&token);
    let jwk = jwks(&stage, &realm).await.remove(0);
    for secret in [
        pem.as_str(),
        pem.trim_end(),
        &pem.replace('\n', "\r\n"),
        &jwk.x5c[0],
        &jwk.n,
    ] {
        let forged = plain(&jwk.kid, &claims, secret.as_bytes());
        refused(&stage, &realm, &forged, "HS256 with public knowledge").await;
    }
    // With a key of the forger's own, too.
    let secret = stage.provide(&realm, "hs256").await.unwrap();
    refused(
        &stage,
        &realm,
        &plain(&jwk.kid, &claims, secret.as_bytes()),
        "the realm's other key",
    )
    .await;
}

#[tokio::test]
async fn t_18_a_good_signature_over_wrong_claims_is_not_enough() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let secret = stage.provide(&realm, "hs256").await.unwrap();
    let user = stage.user(&realm, 1);
    let opened = stage.open(&user).await.unwrap();
    let other = stage.open(&stage.user(&realm, 2)).await.unwrap();
    let token = opened.token.unwrap();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let with = |name: &str, value: Value| {
        let mut claims = claims(&token);
        claims[name] = value;
        plain(&kid, &claims, secret.as_bytes())
    };
    assert!(check(&stage, &realm, &with("iat", (START_S + 5).into())).await.valid);
    for (name, value) in [
        ("iat", json!(START_S + 6)),
        ("iat", json!("soon")),
        ("iat", Value::Null),
        ("exp", json!(START_S - 5)),
        ("exp", Value::Null),
        ("exp", json!(1e300)),
        ("iss", json!("https://evil.example")),
        ("rid", json!("rl_0000000000000000000002")),
        ("sub", json!("usr_0000000000000000000002")),
        ("sid", json!(other.id)),
        ("sid", json!(super::stage::record(&opened.id))),
        ("sid", json!("kss_forged")),
    ] {
        refused(&stage, &realm, &with(name, value.clone()), &format!("{name}: {value}")).await;
    }
}

#[tokio::test]
async fn t_18_a_token_is_good_in_its_own_realm_alone() {
    let stage = Stage::new().await;
    let (mine, theirs) = (realm(1), realm(2));
    let token = stage.open(&stage.user(&mine, 1)).await.unwrap().token.unwrap();
    stage.open(&stage.user(&theirs, 2)).await.unwrap();
    assert!(check(&stage, &mine, &token).await.valid);
    refused(&stage, &theirs, &token, "another realm").await;
}

#[tokio::test]
async fn t_32_nothing_that_looks_like_a_token_does_harm() {
    let stage = Stage::new().await;
    let realm = realm(1);
    let deep = part(&json!(null)).replace('=', "") + "." + &URL_SAFE_NO_PAD.encode("[".repeat(30_000)) + ".AAAA";
    let long = format!("{}.{}.AAAA", part(&json!({"alg": "HS256"})), "A".repeat(200_000));
    for text in ["", ".", "a.b.c", "é.é.é", "\0.\0.\0", &deep, &long] {
        refused(&stage, &realm, text, "garbage").await;
    }
    // None of it was worth a question to Auth.
    assert_eq!(stage.auth.calls(), 0);
}
