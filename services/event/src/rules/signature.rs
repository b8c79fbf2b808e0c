//! What a receiver knows a webhook's requests by: Standard Webhooks signatures (T-28).

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gantry_kernel::{Rng, Secret};

/// What a secret begins with; the rest is base64 of the key.
const PREFIX: &str = "whsec_";
/// The bytes of a key.
const KEY: usize = 32;
/// For how long, after a rotation, the old secret signs too: a day, in milliseconds.
pub(crate) const OVERLAP_MS: i64 = 24 * 60 * 60 * 1000;

/// Draws a new secret.
pub(crate) fn fresh(rng: &dyn Rng) -> Secret {
    let mut key = [0; KEY];
    rng.fill(&mut key);
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(key)))
}

/// Signs a message with each of the secrets: the value of `webhook-signature`.
pub(crate) fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signed = |secret: &Secret| {
        let key = STANDARD.decode(secret.expose().strip_prefix(PREFIX)?).ok()?;
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &key));
        context.update(format!("{id}.{timestamp}.").as_bytes());
        context.update(body);
        Some(format!("v1,{}", STANDARD.encode(context.sign())))
    };
    secrets.iter().filter_map(signed).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::SeededRng;

    #[test]
    fn t_28_signatures_are_those_of_standard_webhooks() {
        // The example of the specification's reference libraries.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = sign(
            std::slice::from_ref(&secret),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = sign(&[secret, fresh(&SeededRng::new(1))], "a", 1, b"");
        assert_eq!(both.split(' ').count(), 2);
        assert_eq!(sign(&[], "a", 1, b""), "");
    }

    #[test]
    fn secrets_differ_and_have_256_bits() {
        let rng = SeededRng::new(1);
        let (one, two) = (fresh(&rng), fresh(&rng));
        assert_ne!(one.expose(), two.expose());
        assert_eq!(one.expose().len(), 6 + 44);
    }
}
