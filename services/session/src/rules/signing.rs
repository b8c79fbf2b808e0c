//! The keys that sign tokens: making them, and signing and verifying with one that is parsed once.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair};
use gantry_kernel::{Rng, base62};
use zeroize::Zeroizing;

use super::jwk::{pem, spki};
use super::profile::Algo;

/// A key cannot be made or read.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the signing key is unusable")]
pub(crate) struct Unusable;

impl From<aws_lc_rs::error::Unspecified> for Unusable {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self
    }
}

impl From<aws_lc_rs::error::KeyRejected> for Unusable {
    fn from(_: aws_lc_rs::error::KeyRejected) -> Self {
        Self
    }
}

/// A key just made.
pub(crate) struct NewKey {
    /// The public half, PEM; an HS256 key has none.
    pub(crate) public_key: Option<String>,
    /// PKCS#8 for RS256, the `jsk_` text for HS256.
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

/// Makes a 2048-bit RSA key. Takes long (tens to hundreds of milliseconds): on a thread for blocking work.
///
/// Its randomness is the library's own: a prime is not a number that a test could want to repeat.
pub(crate) fn make_rs256() -> Result<NewKey, Unusable> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let public = pair.public_key().as_der()?;
    let secret = pair.as_der()?;
    Ok(NewKey {
        public_key: Some(pem(public.as_ref())),
        secret: Zeroizing::new(secret.as_ref().to_vec()),
    })
}

/// Makes an HS256 secret: `jsk_` and 256 random bits in 44 characters, few enough for clients that tell it from a PEM by length.
pub(crate) fn make_hs256(rng: &dyn Rng) -> NewKey {
    let text = format!("jsk_{}{}", base62::encode(rng.u128()), base62::encode(rng.u128()));
    NewKey {
        public_key: None,
        secret: Zeroizing::new(text.into_bytes()),
    }
}

/// A key ready for use: parsing one costs more than signing with it.
pub(crate) enum SigningKey {
    /// RSA.
    Rs256(Box<RsaKey>),
    /// HMAC with the whole `jsk_` text as its key.
    Hs256(Box<hmac::Key>),
}

/// Both halves of an RSA key.
pub(crate) struct RsaKey {
    pair: RsaKeyPair,
    public: ParsedPublicKey,
}

impl SigningKey {
    /// Parses a key's secret half.
    pub(crate) fn parse(algo: Algo, secret: &[u8]) -> Result<Self, Unusable> {
        match algo {
            Algo::Hs256 => Ok(Self::Hs256(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))),
            Algo::Rs256 => {
                let pair = RsaKeyPair::from_pkcs8(secret)?;
                let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key())?;
                Ok(Self::Rs256(Box::new(RsaKey { pair, public })))
            }
        }
    }

    /// The one algorithm that the key is for.
    pub(crate) fn algo(&self) -> Algo {
        match self {
            Self::Rs256(_) => Algo::Rs256,
            Self::Hs256(_) => Algo::Hs256,
        }
    }

    /// Whether this is the key that a PEM is the public half of; an HS256 key has no half to compare.
    pub(crate) fn belongs_to(&self, public_key: Option<&str>) -> bool {
        match (self, public_key) {
            (Self::Hs256(_), None) => true,
            (Self::Rs256(key), Some(public)) => {
                let der = key.pair.public_key().as_der().ok();
                der.zip(spki(public)).is_some_and(|(der, told)| der.as_ref() == told)
            }
            _ => false,
        }
    }

    /// Signs.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unusable> {
        match self {
            Self::Hs256(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Self::Rs256(key) => {
                let mut signature = vec![0; key.pair.public_modulus_len()];
                key.pair
                    .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
        }
    }

    /// Verifies.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hs256(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Rs256(key) => key.public.verify_sig(message, signature).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::jwk::public_parts;
    use super::*;
    use gantry_kernel::SeededRng;

    #[test]
    fn an_rsa_key_is_written_as_the_clients_expect_it() {
        let made = make_rs256().unwrap();
        let text = made.public_key.unwrap();
        assert_eq!(text.len(), 451);
        assert!(text.starts_with("-----BEGIN PUBLIC KEY-----\nMIIB"));
        assert!(text.lines().all(|line| line.len() <= 64));
        let parts = public_parts(&text).unwrap();
        assert_eq!(parts.e, "AQAB");
        assert_eq!(parts.n.len(), 342, "2048 bits");
        let rewrapped: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        assert_eq!(parts.spki, rewrapped);

        let key = SigningKey::parse(Algo::Rs256, &made.secret).unwrap();
        let signature = key.sign(b"message").unwrap();
        assert!(key.verify(b"message", &signature));
        assert!(!key.verify(b"massage", &signature));
        assert!(key.belongs_to(Some(&text)));
        assert!(!key.belongs_to(make_rs256().unwrap().public_key.as_deref()));
        assert!(!key.belongs_to(None));
    }

    #[test]
    fn an_hs256_secret_is_long_enough_and_short_enough() {
        let made = make_hs256(&SeededRng::new(1));
        assert_eq!(made.public_key, None);
        assert!(made.secret.starts_with(b"jsk_"));
        assert_eq!(made.secret.len(), 48);
        assert_ne!(*made.secret, *make_hs256(&SeededRng::new(2)).secret);
        let key = SigningKey::parse(Algo::Hs256, &made.secret).unwrap();
        assert!(key.verify(b"m", &key.sign(b"m").unwrap()));
        assert!(key.belongs_to(None));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(SigningKey::parse(Algo::Rs256, b"jsk_").is_err());
        assert_eq!(
            public_parts("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"),
            None
        );
    }
}
