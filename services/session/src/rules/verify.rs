//! Reads tokens that callers present, and believes none of it before its signature is verified (T-18).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::{Id, JwtKeyId};
use serde::Deserialize;

use super::profile::Algo;
use super::signing::SigningKey;

/// The longest token that is looked at: several times what a user with much custom data has.
const MAX_BYTES: usize = 64 * 1024;
/// How far clocks may differ, in seconds (contract 4).
const LEEWAY: i64 = 5;

/// A header says nothing but this. Whatever else one may hold (keys, addresses of keys, `crit`, `b64`) is how tokens are
/// forged, and none of our tokens has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: Option<String>,
}

/// The claims that decide whether a token is good.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Heard {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) rid: String,
    pub(crate) sid: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// A token taken apart, of which nothing is known yet.
pub(crate) struct Unverified<'a> {
    /// The key that it names.
    pub(crate) kid: JwtKeyId,
    /// The session that it claims to be for: only good to look up what to check it against.
    pub(crate) claimed: Heard,
    algo: Algo,
    signed: &'a str,
    signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart; `None` for what cannot be one of ours.
    pub(crate) fn read(token: &'a str) -> Option<Self> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        if payload.contains('.') {
            return None;
        }
        // The decoder takes each text in one spelling only: no padding, no stray bits.
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Header = serde_json::from_slice(&bytes(header)?).ok()?;
        if header.typ.is_some_and(|typ| typ != "JWT") {
            return None;
        }
        let algo = [Algo::Rs256, Algo::Hs256]
            .into_iter()
            .find(|algo| algo.header() == header.alg)?;
        let payload = bytes(payload)?;
        Some(Self {
            kid: JwtKeyId::parse(&header.kid).ok()?,
            claimed: serde_json::from_slice(&payload).ok()?,
            algo,
            signed,
            signature: bytes(signature)?,
            payload,
        })
    }

    /// Checks signature, issuer, realm and times; the key must be the one that the token names.
    pub(crate) fn verify(self, key: &SigningKey, issuer: &str, realm: &str, now_ms: i64) -> Option<(Heard, String)> {
        // The algorithm is the key's, whatever the token says: an RSA key's public half is no HMAC secret.
        if self.algo != key.algo() || !key.verify(self.signed.as_bytes(), &self.signature) {
            return None;
        }
        let now = now_ms.div_euclid(1000);
        let heard = self.claimed;
        let good = heard.iss == issuer
            && heard.rid == realm
            && heard.exp.saturating_add(LEEWAY) > now
            && heard.iat <= now.saturating_add(LEEWAY);
        let claims = String::from_utf8(self.payload).ok()?;
        good.then_some((heard, claims))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(header: &str, payload: &str) -> String {
        format!(
            "{}.{}.c2k",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        )
    }

    const PAYLOAD: &str = r#"{"iss":"i","sub":"u","rid":"r","sid":"s","iat":100,"exp":200}"#;
    const KID: &str = "jwk_0000000000000000000001";

    #[test]
    fn t_18_only_our_own_headers_are_read() {
        let good = format!(r#"{{"alg":"HS256","kid":"{KID}","typ":"JWT"}}"#);
        assert!(Unverified::read(&token(&good, PAYLOAD)).is_some());
        for header in [
            format!(r#"{{"alg":"none","kid":"{KID}"}}"#),
            format!(r#"{{"alg":"None","kid":"{KID}"}}"#),
            format!(r#"{{"alg":"hs256","kid":"{KID}"}}"#),
            format!(r#"{{"alg":"HS512","kid":"{KID}"}}"#),
            format!(r#"{{"alg":["HS256"],"kid":"{KID}"}}"#),
            format!(r#"{{"alg":"HS256","kid":"{KID}","alg":"none"}}"#),
            format!(r#"{{"alg":"HS256","kid":"{KID}","crit":["b64"],"b64":false}}"#),
            format!(r#"{{"alg":"HS256","kid":"{KID}","jwk":{{}}}}"#),
            format!(r#"{{"alg":"HS256","kid":"{KID}","typ":"at+jwt"}}"#),
            r#"{"alg":"HS256"}"#.to_owned(),
            r#"{"alg":"HS256","kid":"../../dev/null"}"#.to_owned(),
            r#"{"alg":"HS256","kid":"x' OR '1'='1"}"#.to_owned(),
            "[]".to_owned(),
        ] {
            assert!(Unverified::read(&token(&header, PAYLOAD)).is_none(), "{header}");
        }
    }

    #[test]
    fn t_18_each_token_has_one_spelling() {
        let header = format!(r#"{{"alg":"HS256","kid":"{KID}"}}"#);
        let good = token(&header, PAYLOAD);
        assert!(Unverified::read(&good).is_some());
        for bad in [
            format!("{good}="),
            format!("{good}."),
            format!(".{good}"),
            format!("{good}.x"),
            format!(" {good}"),
            good.replace('.', ".."),
            good.replacen('.', "", 1),
            good.replace(".c2k", ".c2l"),
            "a".repeat(MAX_BYTES + 1),
        ] {
            let same = Unverified::read(&bad).is_some_and(|read| read.signature == b"si");
            assert!(!same, "{bad}");
        }
    }

    #[test]
    fn times_have_five_seconds_of_leeway() {
        let key = SigningKey::parse(Algo::Hs256, b"jsk_secret").unwrap();
        let header = format!(r#"{{"alg":"HS256","kid":"{KID}"}}"#);
        let unsigned = token(&header, PAYLOAD);
        let (signed, _) = unsigned.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).unwrap());
        let token = format!("{signed}.{signature}");
        let at = |seconds: i64| Unverified::read(&token).unwrap().verify(&key, "i", "r", seconds * 1000);
        for (seconds, good) in [(94, false), (95, true), (150, true), (204, true), (205, false)] {
            assert_eq!(at(seconds).is_some(), good, "{seconds}");
        }
        let read = || Unverified::read(&token).unwrap();
        assert!(read().verify(&key, "other", "r", 150_000).is_none());
        assert!(read().verify(&key, "i", "other", 150_000).is_none());
        assert_eq!(at(150).unwrap().1, PAYLOAD);
    }

    proptest! {
        #[test]
        fn t_32_no_text_makes_it_panic(text in "\\PC{0,80}", parts in "[A-Za-z0-9_-]{0,20}(\\.[A-Za-z0-9_-]{0,20}){0,4}") {
            prop_assert!(Unverified::read(&text).is_none());
            prop_assert!(Unverified::read(&parts).is_none());
        }
    }
}
