//! How a public key is written: PEM for realms, its parts for a JWKS (contract 4).

use aws_lc_rs::digest;
use aws_lc_rs::rsa::PublicKey;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const HEAD: &str = "-----BEGIN PUBLIC KEY-----\n";
const FOOT: &str = "-----END PUBLIC KEY-----\n";
/// The length of a PEM's lines (RFC 7468).
const LINE: usize = 64;

/// An RSA public key, as a JWK writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicParts {
    /// The modulus, base64url.
    pub(crate) n: String,
    /// The exponent, base64url.
    pub(crate) e: String,
    /// The whole key's DER (SPKI), base64.
    pub(crate) spki: String,
}

/// Writes a public key's DER (SPKI) as PEM.
pub(crate) fn pem(spki: &[u8]) -> String {
    let mut text = String::from(HEAD);
    for (at, letter) in STANDARD.encode(spki).chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push('\n');
    text.push_str(FOOT);
    text
}

/// Reads the PEM that [`pem`] wrote back into DER.
pub(super) fn spki(pem: &str) -> Option<Vec<u8>> {
    let body = pem.strip_prefix(HEAD)?.strip_suffix(FOOT)?;
    STANDARD.decode(body.replace('\n', "")).ok()
}

/// A key in a few characters, by which people tell one from another: of its digest, so that a secret one tells nothing.
pub(crate) fn short_key(key: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, key);
    let head = digest.as_ref().first_chunk::<9>().copied().unwrap_or_default();
    URL_SAFE_NO_PAD.encode(head)
}

/// Reads a PEM into a JWK's parts; `None` when it is no RSA key.
pub(crate) fn public_parts(pem: &str) -> Option<PublicParts> {
    let der = spki(pem)?;
    let key = PublicKey::from_der(&der).ok()?;
    Some(PublicParts {
        n: URL_SAFE_NO_PAD.encode(key.modulus().big_endian_without_leading_zero()),
        e: URL_SAFE_NO_PAD.encode(key.exponent().big_endian_without_leading_zero()),
        spki: STANDARD.encode(der),
    })
}
