//! RS256 tokens, signed with a key that is parsed once.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

const HOUR: u64 = 3600;

/// The key, its published form, and the first part of every token.
#[derive(Debug)]
pub(crate) struct Signer {
    key: KeyPair,
    random: SystemRandom,
    header: String,
    jwks: String,
}

impl Signer {
    /// Makes a key.
    pub(crate) fn generate() -> anyhow::Result<Self> {
        let key = KeyPair::generate(KeySize::Rsa2048).context("cannot make a key")?;
        let public = key.public_key();
        let spki = public.as_der().context("cannot write the key")?;
        let jwks = json!({"keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "ceiling",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "x5c": [STANDARD.encode(spki.as_ref())],
        }]});
        Ok(Self {
            key,
            random: SystemRandom::new(),
            header: URL_SAFE_NO_PAD.encode(json!({"alg": "RS256", "kid": "ceiling"}).to_string()),
            jwks: jwks.to_string(),
        })
    }

    /// Returns the published keys.
    pub(crate) fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Signs a token with the claims that a login's token has.
    pub(crate) fn sign(&self, user: &str, email: &str, session: &str) -> anyhow::Result<String> {
        let now = now()?;
        let claims = json!({
            "iss": "https://authrocket.com", "sub": user, "rid": "rl_0000000000000000000000", "sid": session,
            "iat": now, "exp": now + 24 * HOUR, "name": email, "email": email, "email_verified": false,
            "orgs": [{"mid": "mb_0000000000000000000000", "oid": "org_0000000000000000000000", "name": "Bench",
                      "perm": [], "selected": true}],
        });
        let message = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &self.random, message.as_bytes(), &mut signature)
            .context("cannot sign")?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Makes a session id that nobody can guess.
    pub(crate) fn session_id(&self) -> anyhow::Result<String> {
        let mut bytes = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut bytes).context("no randomness")?;
        Ok(format!("kss_{}", URL_SAFE_NO_PAD.encode(bytes)))
    }
}

/// Reads the clock in seconds.
#[expect(clippy::disallowed_methods, reason = "a yardstick, not a part of the product")]
pub(crate) fn now() -> anyhow::Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since.context("the clock stands before 1970")?.as_secs())
}
