//! Codes and access tokens of OAuth2 sessions: made here, kept as digests, proven by PKCE (contract 3.6, RFC 6749, RFC 7636).

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::{Id, OauthSessionId, Problem, Rng, Secret, Violation, base62};
use subtle::ConstantTimeEq;

/// How long a code is good for, in milliseconds: long enough for one redirect.
pub(crate) const CODE_MS: i64 = 60_000;
/// The one way of PKCE that proves anything: with `plain` whoever reads the request has the proof.
const S256: &str = "S256";
/// The longest of the other texts of a request.
const TEXT_MAX: usize = 512;

/// A code or an access token, and what is kept of it.
pub(crate) struct Key {
    /// Shown once.
    pub(crate) text: Secret,
    /// Kept.
    pub(crate) digest: String,
}

/// A new code.
pub(crate) fn code(rng: &dyn Rng) -> Key {
    key(format!(
        "oac_{}{}",
        base62::encode(rng.u128()),
        base62::encode(rng.u128())
    ))
}

/// A new access token: the record's id and 128 random bits.
pub(crate) fn access_token(record: &OauthSessionId, rng: &dyn Rng) -> Key {
    key(format!("{record}{}", base62::encode(rng.u128())))
}

fn key(text: String) -> Key {
    Key {
        digest: self::digest(&text),
        text: Secret::new(text),
    }
}

/// What is kept of a code or an access token; both hold 128 random bits, so one round of a fast hash is enough.
pub(crate) fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// The challenge that an app sent, checked; an app that cannot keep a secret needs one (T-25).
pub(crate) fn challenge(
    challenge: Option<String>,
    method: Option<String>,
    confidential: bool,
) -> Result<Option<String>, Problem> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    match (given(challenge), given(method)) {
        (None, None) if confidential => Ok(None),
        (None, _) => Err(Problem::field("code_challenge", "required")),
        (Some(challenge), Some(method)) if method == S256 => {
            let bytes = URL_SAFE_NO_PAD.decode(&challenge).ok();
            match bytes.is_some_and(|bytes| bytes.len() == digest::SHA256_OUTPUT_LEN) {
                true => Ok(Some(challenge)),
                false => Err(Problem::field("code_challenge", "unknown")),
            }
        }
        (Some(_), _) => Err(Problem::invalid(vec![
            Violation::new("code_challenge_method", "unknown_value").with("allowed", S256),
        ])),
    }
}

/// Whether a verifier is the one that the challenge was made of. Where there was no challenge a verifier proves nothing, and who
/// sends one has been lied to about how the code was asked for (T-25).
pub(crate) fn is_proven(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    let verifier = verifier.filter(|text| !text.is_empty());
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let good = (43..=128).contains(&verifier.len())
                && verifier
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
            good && bool::from(digest(verifier).as_bytes().ct_eq(challenge.as_bytes()))
        }
        _ => false,
    }
}

/// The scopes that an app asks for, in its own order; all that it may have when it names none.
pub(crate) fn scopes(asked: &[String], allowed: &[String]) -> Result<Vec<String>, Problem> {
    let mut scopes: Vec<String> = Vec::new();
    for word in asked.iter().flat_map(|item| item.split([' ', ','])) {
        if word.is_empty() || scopes.iter().any(|known| known == word) {
            continue;
        }
        if !allowed.iter().any(|known| known == word) {
            let violation = Violation::new("scopes", "unknown_value").with("allowed", allowed.join(", "));
            return Err(Problem::invalid(vec![violation]));
        }
        scopes.push(word.to_owned());
    }
    Ok(if scopes.is_empty() { allowed.to_vec() } else { scopes })
}

/// A nonce as an app sent it.
pub(crate) fn nonce(nonce: Option<String>) -> Result<Option<String>, Problem> {
    let nonce = nonce.filter(|text| !text.is_empty());
    match &nonce {
        Some(text) if text.len() > TEXT_MAX => Err(Problem::invalid(vec![
            Violation::new("nonce", "too_long").with("max", TEXT_MAX),
        ])),
        Some(text) if text.chars().any(char::is_control) => Err(Problem::field("nonce", "invalid_characters")),
        _ => Ok(nonce),
    }
}

/// The record that an access token, or its own id, names.
pub(crate) fn record(text: &str) -> Option<OauthSessionId> {
    let (record, rest) = text.split_at_checked(OauthSessionId::LEN)?;
    let whole = rest.is_empty() || rest.len() == base62::LEN;
    OauthSessionId::parse(record).ok().filter(|_| whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::SeededRng;

    // The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn t_25_pkce_is_never_downgraded() {
        assert!(is_proven(Some(CHALLENGE), Some(VERIFIER)));
        assert!(is_proven(None, None));
        for (challenge, verifier) in [
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some("")),
            (Some(CHALLENGE), Some(CHALLENGE)),
            (Some(VERIFIER), Some(VERIFIER)),
            (None, Some(VERIFIER)),
            (Some(CHALLENGE), Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")),
        ] {
            assert!(!is_proven(challenge, verifier), "{challenge:?} {verifier:?}");
        }
    }

    #[test]
    fn t_25_only_s256_is_a_challenge_and_public_apps_need_one() {
        let ask = |one: Option<String>, way: Option<String>, confidential| challenge(one, way, confidential);
        assert_eq!(
            ask(text(CHALLENGE), text(S256), false).unwrap().as_deref(),
            Some(CHALLENGE)
        );
        assert_eq!(ask(None, None, true).unwrap(), None);
        for (one, way, confidential) in [
            (None, None, false),
            (None, text(S256), true),
            (text(CHALLENGE), None, true),
            (text(CHALLENGE), text("plain"), true),
            (text(CHALLENGE), text("s256"), true),
            (text("short"), text(S256), true),
            (text(&format!("{CHALLENGE}=")), text(S256), true),
        ] {
            assert!(ask(one, way, confidential).is_err());
        }
    }

    #[test]
    fn scopes_are_some_of_those_allowed() {
        let list = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let allowed = list(&["openid", "email"]);
        assert_eq!(scopes(&list(&[]), &allowed).unwrap(), allowed);
        assert_eq!(
            scopes(&list(&["email openid,email"]), &allowed).unwrap(),
            ["email", "openid"]
        );
        assert!(scopes(&list(&["openid", "ar.orgs"]), &allowed).is_err());
    }

    #[test]
    fn an_access_token_names_its_record() {
        let record = OauthSessionId::from_bits(7);
        let token = access_token(&record, &SeededRng::new(1));
        assert_eq!(super::record(token.text.expose()), Some(record.clone()));
        assert_eq!(super::record(record.as_str()), Some(record.clone()));
        for bad in [
            "",
            "oat_",
            "kss_0000000000000000000001",
            &format!("{record}x"),
            "oat_é000000000000000000000",
        ] {
            assert_eq!(super::record(bad), None);
        }
    }
}
