//! What an id token of an external provider is worth (OpenID Connect Core, 3.1.3.7; T-06).

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;
/// How old a token may be that was made for this very sign-in, in seconds.
const OLDEST: i64 = 10 * 60;
/// The longest token that is read.
const LONGEST: usize = 64 * 1024;

/// What must be so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    /// The time in Unix seconds.
    pub(crate) now: i64,
}

/// The key's name that a token claims. Only signatures that a public key checks are known: no shared secret, and not none.
pub(crate) fn kid(token: &str) -> Result<Option<String>, &'static str> {
    if token.len() > LONGEST {
        return Err("its id token is too long");
    }
    let header = decode_header(token).map_err(|_invalid| "its id token cannot be read")?;
    match is_asymmetric(header.alg) {
        true => Ok(header.kid),
        false => Err("its id token is signed in a way that is not believed"),
    }
}

fn is_asymmetric(alg: Algorithm) -> bool {
    !matches!(alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}

/// The algorithms that a key may be used with: its kind decides, never the token.
fn algorithms(key: &Jwk) -> Vec<Algorithm> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let kind = match &key.algorithm {
        AlgorithmParameters::RSA(_) => vec![RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(_) => vec![ES256, ES384],
        AlgorithmParameters::OctetKeyPair(_) => vec![EdDSA],
        _ => Vec::new(),
    };
    // A key that names its algorithm is good for no other.
    match key.common.key_algorithm {
        Some(own) => kind.into_iter().filter(|alg| KeyAlgorithm::from(*alg) == own).collect(),
        None => kind,
    }
}

/// Checks a token, and gives its claims.
pub(crate) fn check(token: &str, key: &Jwk, expected: Expected<'_>) -> Result<Value, &'static str> {
    if matches!(key.common.public_key_use, Some(ref other) if *other != PublicKeyUse::Signature) {
        return Err("its key is not for signatures");
    }
    let header = decode_header(token).map_err(|_invalid| "its id token cannot be read")?;
    let allowed = algorithms(key);
    if !allowed.contains(&header.alg) {
        return Err("its id token is signed in a way that does not fit the key");
    }
    let public = DecodingKey::from_jwk(key).map_err(|_invalid| "its key cannot be read")?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // Time is judged below, by our own clock.
    validation.validate_exp = false;
    let claims = decode::<Value>(token, &public, &validation)
        .map_err(|_invalid| "its id token is not signed by it, for us")?
        .claims;
    times(&claims, expected.now)?;
    authorized_party(&claims, expected.client_id)?;
    match claims.get("nonce").and_then(Value::as_str) == Some(expected.nonce) {
        true => Ok(claims),
        false => Err("its id token is of another sign-in"),
    }
}

fn times(claims: &Value, now: i64) -> Result<(), &'static str> {
    let at = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let expires = at("exp").ok_or("its id token does not expire")?;
    let issued = at("iat").ok_or("its id token does not say when it was made")?;
    if expires <= now - LEEWAY {
        return Err("its id token has expired");
    }
    if issued > now + LEEWAY || at("nbf").is_some_and(|from| from > now + LEEWAY) {
        return Err("its id token is of the future");
    }
    if issued < now - OLDEST {
        return Err("its id token is too old");
    }
    Ok(())
}

/// A token for several names the one that it was made for, and that must be us.
fn authorized_party(claims: &Value, client_id: &str) -> Result<(), &'static str> {
    let several = claims
        .get("aud")
        .and_then(Value::as_array)
        .is_some_and(|all| all.len() > 1);
    match claims.get("azp").and_then(Value::as_str) {
        Some(party) if party == client_id => Ok(()),
        None if !several => Ok(()),
        _ => Err("its id token was made for somebody else"),
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn rsa() -> (EncodingKey, Jwk) {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let body = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        let jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
        (key, jwk)
    }

    fn claims() -> Value {
        json!({"iss": "https://idp.example", "aud": "us", "sub": "1", "iat": NOW, "exp": NOW + 60, "nonce": "n"})
    }

    fn expected() -> Expected<'static> {
        Expected {
            issuer: "https://idp.example",
            client_id: "us",
            nonce: "n",
            now: NOW,
        }
    }

    #[test]
    fn t_06_a_key_is_used_as_its_kind_and_its_own_word_say() {
        let (key, jwk) = rsa();
        let signed = |alg| encode(&Header::new(alg), &claims(), &key).unwrap();
        let good = signed(Algorithm::RS256);
        assert_eq!(check(&good, &jwk, expected()), Ok(claims()));
        // Its own word is RS256.
        for other in [Algorithm::RS384, Algorithm::PS256] {
            assert!(check(&signed(other), &jwk, expected()).is_err(), "{other:?}");
        }
        // Without a word its kind decides.
        let mut silent = jwk.clone();
        silent.common.key_algorithm = None;
        for other in [Algorithm::RS256, Algorithm::RS512, Algorithm::PS256] {
            assert!(check(&signed(other), &silent, expected()).is_ok(), "{other:?}");
        }
        // The public key's text is no shared secret.
        let text = serde_json::to_string(&jwk).unwrap();
        let hmac = EncodingKey::from_secret(text.as_bytes());
        let forged = encode(&Header::new(Algorithm::HS256), &claims(), &hmac).unwrap();
        assert!(kid(&forged).is_err());
        assert!(check(&forged, &silent, expected()).is_err());
        // A set may hold a shared secret; nothing is checked with it.
        let secret: Jwk = serde_json::from_value(json!({"kty": "oct", "k": "c2VjcmV0"})).unwrap();
        let shared = EncodingKey::from_secret(b"secret");
        let signed = encode(&Header::new(Algorithm::HS256), &claims(), &shared).unwrap();
        assert!(check(&signed, &secret, expected()).is_err());
        // Another key of the same kind.
        assert!(check(&good, &rsa().1, expected()).is_err());
    }

    #[test]
    fn t_06_time_is_judged_by_our_clock_with_a_minute_s_grace() {
        let (key, jwk) = rsa();
        let token = encode(&Header::new(Algorithm::RS256), &claims(), &key).unwrap();
        for (now, good) in [
            (NOW - 61, false),
            (NOW - 60, true),
            (NOW + 60 + 59, true),
            (NOW + 60 + 60, false),
        ] {
            let expected = Expected { now, ..expected() };
            assert_eq!(check(&token, &jwk, expected).is_ok(), good, "{}", now - NOW);
        }
    }

    #[test]
    fn t_32_nonsense_is_refused_before_anything_is_computed() {
        for token in ["", ".", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &"x".repeat(LONGEST + 1)] {
            assert!(kid(token).is_err(), "{}", token.len());
        }
    }
}
