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
