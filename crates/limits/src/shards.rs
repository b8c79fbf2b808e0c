//! A map cut into parts with a lock each, so that keys rarely wait for one another.

use std::hash::{BuildHasher, RandomState};

use parking_lot::{Mutex, MutexGuard};

const SHARDS: u64 = 16;

/// Parts of a map; a key always falls into the same one. The hash is seeded, so nobody can aim at one part.
#[derive(Debug)]
pub(crate) struct Shards<T> {
    hasher: RandomState,
    // parking_lot: held for some hundred nanoseconds, never across an await.
    first: Mutex<T>,
    others: Vec<Mutex<T>>,
}

impl<T> Shards<T> {
    /// The number of parts.
    pub(crate) const COUNT: usize = SHARDS as usize;

    /// Fills each part with what `make` gives.
    pub(crate) fn new(make: impl Fn() -> T) -> Self {
        Self {
            hasher: RandomState::new(),
            first: Mutex::new(make()),
            others: (1..SHARDS).map(|_| Mutex::new(make())).collect(),
        }
    }

    /// Locks the part of a key.
    pub(crate) fn lock(&self, key: &str) -> MutexGuard<'_, T> {
        let at = usize::try_from(self.hasher.hash_one(key) % SHARDS).unwrap_or(0);
        self.others.get(at).unwrap_or(&self.first).lock()
    }

    /// Locks one part after the other.
    #[cfg(test)]
    pub(crate) fn each(&self) -> impl Iterator<Item = MutexGuard<'_, T>> {
        std::iter::once(&self.first).chain(&self.others).map(Mutex::lock)
    }
}
