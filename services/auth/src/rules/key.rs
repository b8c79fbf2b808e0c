//! API keys: how they are made, and what is kept of them (contract 1.2).

use gantry_kernel::{IdSource, KeyId, Rng, Secret};
use sha2::{Digest, Sha256};

/// A new key: its public id, and the whole of it, which is shown once.
pub(crate) fn fresh(ids: &IdSource, rng: &dyn Rng) -> (KeyId, Secret) {
    let id: KeyId = ids.id();
    let key = format!("{}-{:032x}", id.as_str(), rng.u128());
    (id, Secret::new(key))
}

/// What is kept of a key. A key holds 128 random bits, so one round of a fast hash is enough, and a lookup by it leaks no time.
pub(crate) fn digest(key: &str) -> String {
    Sha256::digest(key.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gantry_kernel::{ManualClock, SeededRng};

    use super::*;

    #[test]
    fn a_key_is_its_public_id_and_128_random_bits() {
        let rng = Arc::new(SeededRng::new(1));
        let ids = IdSource::new(Arc::new(ManualClock::new(1)), rng.clone());
        let (id, key) = fresh(&ids, &*rng);
        let (public, secret) = key.expose().split_once('-').unwrap();
        assert_eq!(public, id.as_str());
        assert!(secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_ne!(fresh(&ids, &*rng).1.expose(), key.expose());
    }

    #[test]
    fn what_is_kept_of_a_key_is_a_digest_of_the_whole() {
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_ne!(digest("ks_1-a"), digest("ks_1-b"));
    }
}
