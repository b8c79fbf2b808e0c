//! The vault (AES-256-GCM).
//!
//! Each row is sealed with a key of its own, derived from purpose and row id, which are authenticated too: a sealed text
//! moved to another row or column does not open, and no key seals often enough for random nonces to meet.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::Rng;
use zeroize::Zeroizing;

use crate::derive;

/// The version of this form, so that another can follow.
const FORM: &str = "1.";

/// What a sealed text is for: a word that no other kind of text of the service has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose(&'static str);

impl Purpose {
    /// Names a purpose.
    ///
    /// # Panics
    /// While the program is compiled, when the word holds a NUL, which ends it where keys are derived.
    pub const fn new(word: &'static str) -> Self {
        let mut rest = word.as_bytes();
        while let [first, others @ ..] = rest {
            assert!(*first != 0, "no purpose holds a NUL");
            rest = others;
        }
        Self(word)
    }
}

/// Seals and opens.
#[derive(Clone)]
pub struct Vault(hmac::Key);

impl Vault {
    /// Derives the root of all rows' keys of one service from the installation's secret.
    pub fn new(secret: &[u8; 32], service: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &*derive(secret, service, "seal")))
    }

    /// Seals bytes for one row; `None` when the cipher refuses, which it has no reason to.
    pub fn seal(&self, purpose: Purpose, row: &str, bytes: &[u8], rng: &dyn Rng) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        rng.fill(&mut nonce);
        let name = name(purpose, row);
        let mut body = bytes.to_vec();
        self.key(&name)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name), &mut body)
            .ok()?;
        let mut whole = nonce.to_vec();
        whole.append(&mut body);
        Some(format!("{FORM}{}", URL_SAFE_NO_PAD.encode(whole)))
    }

    /// Opens what was sealed for this purpose and row; `None` for anything else.
    pub fn open(&self, purpose: Purpose, row: &str, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let whole = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(FORM)?).ok()?;
        let (nonce, body) = whole.split_first_chunk::<NONCE_LEN>()?;
        let name = name(purpose, row);
        let mut body = Zeroizing::new(body.to_vec());
        let key = self.key(&name)?;
        let open = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(name), &mut body);
        let length = open.ok()?.len();
        body.truncate(length);
        Some(body)
    }

    fn key(&self, name: &[u8]) -> Option<LessSafeKey> {
        let tag = hmac::sign(&self.0, name);
        UnboundKey::new(&AES_256_GCM, tag.as_ref()).map(LessSafeKey::new).ok()
    }
}

fn name(purpose: Purpose, row: &str) -> Vec<u8> {
    // No purpose holds a NUL, so no two pairs read the same.
    [purpose.0.as_bytes(), b"\0", row.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::SeededRng;

    const KEY: Purpose = Purpose::new("signing key");
    const TOKEN: Purpose = Purpose::new("token");

    #[test]
    fn a_sealed_text_opens_in_its_row_alone() {
        let vault = Vault::new(&[3; 32], "s");
        let rng = SeededRng::new(1);
        let sealed = vault.seal(KEY, "jwk_a", b"secret", &rng).unwrap();
        let again = vault.seal(KEY, "jwk_a", b"secret", &rng).unwrap();
        assert_ne!(sealed, again);
        assert_eq!(&**vault.open(KEY, "jwk_a", &sealed).unwrap(), b"secret");
        assert!(vault.open(KEY, "jwk_b", &sealed).is_none());
        assert!(vault.open(TOKEN, "jwk_a", &sealed).is_none());
        for other in [Vault::new(&[4; 32], "s"), Vault::new(&[3; 32], "t")] {
            assert!(other.open(KEY, "jwk_a", &sealed).is_none());
        }
    }

    #[test]
    fn a_changed_text_does_not_open() {
        let vault = Vault::new(&[3; 32], "s");
        let sealed = vault.seal(TOKEN, "kss_a", b"eyJ", &SeededRng::new(1)).unwrap();
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(vault.open(TOKEN, "kss_a", &changed).is_none(), "{at}");
        }
        for short in ["", "1.", "1.AAAA", "2.AAAA"] {
            assert!(vault.open(TOKEN, "kss_a", short).is_none());
        }
    }
}
