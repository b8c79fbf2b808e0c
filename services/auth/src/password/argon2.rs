//! Argon2id (RFC 9106) behind one small seam: a fast implementation, checked against an audited one when a thread starts.
//! docs/adr/0002-argon2-implementation.md says why two.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

/// Bytes of a salt and of a hash.
const SALT: usize = 16;
const TAG: usize = 32;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Cost {
    /// The most that a stored hash may ask for: more is taken for damage, not for work to do (T-31).
    const MOST: Self = Self {
        memory_kib: 1 << 20,
        iterations: 64,
        parallelism: 16,
    };

    fn bounded(self) -> bool {
        self.memory_kib <= Self::MOST.memory_kib
            && self.iterations <= Self::MOST.iterations
            && self.parallelism <= Self::MOST.parallelism
    }
}

/// Computes raw Argon2id; keeps its memory from one hash to the next.
pub(super) trait Argon2id: Send {
    fn hash(&mut self, password: &[u8], salt: &[u8], cost: Cost) -> Option<[u8; TAG]>;

    /// Gives the memory back.
    fn rest(&mut self);
}

/// argon2-rust: the reference algorithm with SIMD chosen at run time; about twice as fast as RustCrypto's.
#[derive(Default)]
pub(super) struct Fast(Option<(Cost, argon2_rust::Hasher)>);

impl Argon2id for Fast {
    fn hash(&mut self, password: &[u8], salt: &[u8], cost: Cost) -> Option<[u8; TAG]> {
        use argon2_rust::params::Memory;
        use argon2_rust::{Algorithm, Argon2, Params, Version};
        if self.0.as_ref().is_none_or(|(kept, _)| *kept != cost) {
            let params = Params::builder()
                .memory(Memory::kib(u64::from(cost.memory_kib)))
                .passes(cost.iterations)
                .lanes(cost.parallelism)
                .threads(1)
                .build()
                .ok()?;
            self.0 = Some((cost, Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hasher()));
        }
        let (_, hasher) = self.0.as_mut()?;
        let mut tag = [0; TAG];
        hasher.hash_into(password, salt, &mut tag).ok()?;
        Some(tag)
    }

    fn rest(&mut self) {
        self.0 = None;
    }
}

/// RustCrypto's: the yardstick, and what is used should the fast one ever disagree with it.
#[derive(Default)]
pub(super) struct Audited(Vec<argon2::Block>);

impl Argon2id for Audited {
    fn hash(&mut self, password: &[u8], salt: &[u8], cost: Cost) -> Option<[u8; TAG]> {
        let params = argon2::Params::new(cost.memory_kib, cost.iterations, cost.parallelism, Some(TAG)).ok()?;
        self.0.resize(params.block_count(), argon2::Block::default());
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let mut tag = [0; TAG];
        argon2
            .hash_password_into_with_memory(password, salt, &mut tag, &mut self.0)
            .ok()?;
        Some(tag)
    }

    fn rest(&mut self) {
        self.0 = Vec::new();
    }
}

/// The implementation for a thread: the fast one if it agrees with the audited one here and now.
pub(super) fn choose() -> Box<dyn Argon2id> {
    let cost = Cost {
        memory_kib: 64,
        iterations: 2,
        parallelism: 1,
    };
    let (mut fast, mut audited) = (Fast::default(), Audited::default());
    let answer = |argon2: &mut dyn Argon2id| argon2.hash(b"gantry", b"a salt of 16 by.", cost);
    if answer(&mut fast).is_some() && answer(&mut fast) == answer(&mut audited) {
        fast.rest();
        return Box::new(fast);
    }
    tracing::error!("argon2-rust disagrees with argon2 on this machine: hashing with the slower one");
    Box::new(audited)
}

/// Hashes a password into a PHC string.
pub(super) fn hash(argon2: &mut dyn Argon2id, password: &[u8], salt: [u8; SALT], cost: Cost) -> Option<String> {
    let tag = argon2.hash(password, &salt, cost)?;
    let (m, t, p) = (cost.memory_kib, cost.iterations, cost.parallelism);
    let (salt, tag) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(tag));
    Some(format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${tag}"))
}

/// Tells whether a password belongs to a PHC string; `None` for a string that is not one of ours.
pub(super) fn verify(argon2: &mut dyn Argon2id, password: &[u8], phc: &str) -> Option<bool> {
    let mut parts = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let (cost, salt, tag) = (cost_of(parts.next()?)?, parts.next()?, parts.next()?);
    let salt = STANDARD_NO_PAD.decode(salt).ok()?;
    let tag = STANDARD_NO_PAD.decode(tag).ok()?;
    let computed = argon2.hash(password, &salt, cost)?;
    Some(computed.as_slice().ct_eq(&tag).into())
}

fn cost_of(text: &str) -> Option<Cost> {
    let mut numbers = ["m=", "t=", "p="]
        .into_iter()
        .zip(text.split(','))
        .map(|(name, part)| part.strip_prefix(name)?.parse().ok());
    let mut next = || numbers.next().flatten();
    let cost = Cost {
        memory_kib: next()?,
        iterations: next()?,
        parallelism: next()?,
    };
    cost.bounded().then_some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_implementations_agree_over_the_parameter_range() {
        let (mut fast, mut audited) = (Fast::default(), Audited::default());
        for memory_kib in [8, 32, 64, 257, 1024, 19456] {
            for iterations in [1, 2, 3] {
                for parallelism in [1, 2, 4] {
                    let cost = Cost {
                        memory_kib: memory_kib.max(8 * parallelism),
                        iterations,
                        parallelism,
                    };
                    for password in [&b""[..], b"p", &[0xff; 1024]] {
                        let one = fast.hash(password, b"0123456789abcdef", cost);
                        assert!(one.is_some(), "{cost:?}");
                        assert_eq!(one, audited.hash(password, b"0123456789abcdef", cost), "{cost:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_hash_verifies_its_password_and_no_other() {
        let mut argon2 = choose();
        let cost = Cost {
            memory_kib: 64,
            iterations: 1,
            parallelism: 1,
        };
        let phc = hash(&mut *argon2, b"correct horse", [7; SALT], cost).unwrap();
        assert_eq!(verify(&mut *argon2, b"correct horse", &phc), Some(true));
        assert_eq!(verify(&mut *argon2, b"correct hors", &phc), Some(false));
    }

    #[test]
    fn t_31_a_stored_hash_cannot_ask_for_unbounded_work() {
        let mut argon2 = choose();
        for phc in [
            "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$argon2id$v=19$m=64,t=4000000,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$2b$12$x",
            "",
        ] {
            assert_eq!(verify(&mut *argon2, b"x", phc), None, "{phc}");
        }
    }
}
