//! The `state` of a sign-in at an external provider: what was settled when it began, sealed, so that nothing need be kept (T-25).
//!
//! It names realm, provider and redirect address, binds the caller's nonce, and carries the PKCE verifier and the id token's nonce,
//! which only this installation can read. What is kept is that it was used.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::{RealmId, Rng, base62};
use gantry_seal::{Purpose, Vault};
use serde::{Deserialize, Serialize};

use crate::rules::key::digest;

const STATE: Purpose = Purpose::new("external state");
/// How long a sign-in may take (contract 3.8).
pub(crate) const LIFETIME_MS: i64 = 30 * 60 * 1000;

/// What was settled when a sign-in began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settled {
    #[serde(rename = "p")]
    pub(crate) provider: String,
    #[serde(rename = "r")]
    pub(crate) redirect_uri: String,
    /// The digest of the nonce that the caller bound it to.
    #[serde(rename = "n")]
    pub(crate) bound_to: Option<String>,
    /// The PKCE verifier (RFC 7636).
    #[serde(rename = "v")]
    pub(crate) verifier: String,
    /// What the id token must say.
    #[serde(rename = "o")]
    pub(crate) oidc_nonce: String,
    #[serde(rename = "e")]
    pub(crate) expires_at: i64,
}

/// A state that was opened: what it says, and the name under which its use is noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) settled: Settled,
}

impl Settled {
    /// Settles a sign-in that begins now; `bound_to` is the caller's nonce, or its digest where it is begun again.
    pub(crate) fn new(provider: &str, redirect_uri: &str, bound_to: Option<String>, rng: &dyn Rng, now: i64) -> Self {
        Self {
            provider: provider.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            bound_to,
            verifier: random(rng),
            oidc_nonce: random(rng),
            expires_at: now.saturating_add(LIFETIME_MS),
        }
    }

    /// Whether a nonce is the one that the sign-in was bound to; a sign-in that was bound to none takes none.
    pub(crate) fn is_bound_to(&self, nonce: Option<&str>) -> bool {
        self.bound_to == nonce.map(digest)
    }

    /// The state as it travels.
    pub(crate) fn seal(&self, vault: &Vault, realm: &RealmId, rng: &dyn Rng) -> Option<String> {
        let id = base62::encode(rng.u128());
        let body = serde_json::to_vec(self).ok()?;
        let sealed = vault.seal(STATE, &row(realm, &id), &body, rng)?;
        Some(format!("{id}{sealed}"))
    }
}

/// Opens a state that this installation made for the realm, and that has not expired.
pub(crate) fn open(vault: &Vault, realm: &RealmId, state: &str, now: i64) -> Option<Opened> {
    let (id, sealed) = state.split_at_checked(base62::LEN)?;
    base62::decode(id)?;
    let body = vault.open(STATE, &row(realm, id), sealed)?;
    let settled: Settled = serde_json::from_slice(&body).ok()?;
    (now < settled.expires_at).then(|| Opened {
        id: id.to_owned(),
        settled,
    })
}

/// A state of one realm opens in no other.
fn row(realm: &RealmId, id: &str) -> String {
    format!("{realm} {id}")
}

/// 256 random bits, in 43 characters that any URL takes.
fn random(rng: &dyn Rng) -> String {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, SeededRng};

    fn vault() -> Vault {
        Vault::new(&[1; 32], "test")
    }

    fn settled(bound_to: Option<&str>) -> Settled {
        let rng = SeededRng::new(1);
        Settled::new("ap_1", "https://app.example/cb", bound_to.map(digest), &rng, 1000)
    }

    #[test]
    fn t_25_a_state_says_what_was_settled_until_it_expires() {
        let (realm, rng) = (RealmId::from_bits(1), SeededRng::new(2));
        let made = settled(Some("nonce"));
        let state = made.seal(&vault(), &realm, &rng).unwrap();
        assert!(
            state.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)),
            "{state}"
        );
        assert_eq!(open(&vault(), &realm, &state, 1000).unwrap().settled, made);
        assert!(open(&vault(), &realm, &state, 1000 + LIFETIME_MS - 1).is_some());
        assert!(open(&vault(), &realm, &state, 1000 + LIFETIME_MS).is_none());
        assert!(!state.contains(&made.verifier), "nobody reads it on the way");
        // T-03: it belongs to its realm.
        assert!(open(&vault(), &RealmId::from_bits(2), &state, 1000).is_none());
        let other = made.seal(&vault(), &realm, &rng).unwrap();
        assert_ne!(other, state);
    }

    #[test]
    fn t_25_a_changed_state_does_not_open() {
        let realm = RealmId::from_bits(1);
        let state = settled(None).seal(&vault(), &realm, &SeededRng::new(2)).unwrap();
        for at in 0..state.len() {
            let mut bytes = state.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(open(&vault(), &realm, &changed, 1000).is_none(), "{at}");
        }
        for nonsense in [
            "",
            "x",
            "0000000000000000000000",
            "éééééééééééé",
            "00000000000000000000001.",
        ] {
            assert!(open(&vault(), &realm, nonsense, 1000).is_none());
        }
    }

    #[test]
    fn t_25_the_nonce_must_be_the_same() {
        let bound = settled(Some("mine"));
        assert!(bound.is_bound_to(Some("mine")));
        for other in [None, Some(""), Some("yours")] {
            assert!(!bound.is_bound_to(other));
        }
        assert!(settled(None).is_bound_to(None));
        assert!(!settled(None).is_bound_to(Some("any")));
    }
}
