//! Derives the keys of one purpose each from the installation's secret (HKDF, RFC 5869).

use aws_lc_rs::hkdf;
use zeroize::Zeroizing;

/// Derives the key that a label names; `service` sets one service's keys apart from any other use of the same secret.
#[expect(
    clippy::expect_used,
    reason = "a key of zeros would be worse than not to start; 32 bytes are what HKDF-SHA256 gives at once"
)]
pub fn derive(secret: &[u8; 32], service: &str, label: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, service.as_bytes()).extract(secret);
    prk.expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut *key))
        .expect("HKDF-SHA256 gives 32 bytes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_each_label_and_each_secret_has_its_own_key() {
        let one = derive(&[7; 32], "s", "a");
        assert_eq!(*one, *derive(&[7; 32], "s", "a"));
        assert_ne!(*one, *derive(&[7; 32], "s", "b"));
        assert_ne!(*one, *derive(&[7; 32], "t", "a"));
        assert_ne!(*one, *derive(&[8; 32], "s", "a"));
        assert_ne!(*one, [0; 32]);
    }
}
