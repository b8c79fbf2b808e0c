//! The rings of one process: sharded, and never above a budget of bytes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::limit::Rule;
use crate::ring::{Ring, Verdict};
use crate::shards::Shards;

/// Bytes that all rings of a process may take: some 100,000 keys.
pub(crate) const BUDGET: usize = 32 * 1024 * 1024;

/// What a key costs beside its text and its ring, in both maps.
const OVERHEAD: usize = 208;

/// Expired keys dropped per take: more than are added, so that a quiet time empties the maps.
const SWEEP: usize = 4;

/// Rings by key.
#[derive(Debug)]
pub(crate) struct MemoryRings {
    shards: Shards<Shard>,
    budget: usize,
    evicted: AtomicU64,
}

#[derive(Debug, Default)]
struct Shard {
    rings: HashMap<Arc<str>, Slot>,
    /// The keys by when their newest entry leaves: the first is the one whose loss forgives least.
    order: BTreeMap<(i64, u64), Arc<str>>,
    bytes: usize,
    next: u64,
}

#[derive(Debug)]
struct Slot {
    ring: Ring,
    place: (i64, u64),
}

impl MemoryRings {
    /// Makes an empty set of rings that takes at most about `budget` bytes.
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            shards: Shards::new(Shard::default),
            budget: budget / Shards::<Shard>::COUNT,
            evicted: AtomicU64::new(0),
        }
    }

    /// Counts one time for a key, unless its window is full.
    pub(crate) fn take(&self, rule: Rule, key: &str, now: i64) -> Verdict {
        let mut shard = self.shards.lock(key);
        let (key, mut ring) = shard.lift(key);
        let verdict = ring.take(rule, now);
        // While the key is lifted out it cannot be evicted: who is here now counts more than who was.
        let evicted = shard.make_room(self.budget, now);
        self.evicted.fetch_add(evicted, Ordering::Relaxed);
        let leaves = ring.newest().unwrap_or(now) + rule.window;
        shard.put_back(key, ring, leaves);
        verdict
    }

    /// Takes one accepted time back.
    pub(crate) fn refund(&self, key: &str, stamp: i64) {
        if let Some(slot) = self.shards.lock(key).rings.get_mut(key) {
            slot.ring.refund(stamp);
        }
    }

    /// How many keys were dropped before their time, because memory was short.
    pub(crate) fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }
}

impl Shard {
    fn lift(&mut self, key: &str) -> (Arc<str>, Ring) {
        match self.rings.remove_entry(key) {
            Some((key, slot)) => {
                self.order.remove(&slot.place);
                self.bytes = self.bytes.saturating_sub(weight(&key, &slot.ring));
                (key, slot.ring)
            }
            None => (key.into(), Ring::default()),
        }
    }

    fn put_back(&mut self, key: Arc<str>, ring: Ring, leaves: i64) {
        let place = (leaves, self.next);
        self.next += 1;
        self.bytes += weight(&key, &ring);
        self.order.insert(place, key.clone());
        self.rings.insert(key, Slot { ring, place });
    }

    /// Drops some expired keys, and others if need be; tells how many others.
    fn make_room(&mut self, budget: usize, now: i64) -> u64 {
        let mut evicted = 0;
        let mut swept = 0;
        while let Some(first) = self.order.first_entry() {
            let expired = first.key().0 <= now;
            if !(self.bytes > budget || expired && swept < SWEEP) {
                break;
            }
            if let Some((key, slot)) = self.rings.remove_entry(&first.remove()) {
                self.bytes = self.bytes.saturating_sub(weight(&key, &slot.ring));
            }
            if expired {
                swept += 1;
            } else {
                evicted += 1;
            }
        }
        evicted
    }
}

fn weight(key: &str, ring: &Ring) -> usize {
    OVERHEAD + key.len() + ring.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { max: 2, window: 1_000 };

    fn keys(rings: &MemoryRings) -> usize {
        rings.shards.each().map(|shard| shard.rings.len()).sum()
    }

    fn bytes(rings: &MemoryRings) -> usize {
        rings
            .shards
            .each()
            .map(|shard| {
                let exact: usize = shard.rings.iter().map(|(key, slot)| weight(key, &slot.ring)).sum();
                assert_eq!(shard.bytes, exact, "the running sum must be the sum");
                assert_eq!(shard.order.len(), shard.rings.len());
                exact
            })
            .sum()
    }

    #[test]
    fn a_flood_of_keys_stays_within_the_budget_and_is_counted() {
        let budget = 256 * 1024;
        let rings = MemoryRings::new(budget);
        for n in 0..20_000 {
            rings.take(RULE, &format!("flood:{n}"), 0);
        }
        // One key, the touched one, may stand above the budget of each shard.
        assert!(bytes(&rings) <= budget + 16 * 512);
        assert!(keys(&rings) > 100);
        assert_eq!(rings.evicted(), 20_000 - u64::try_from(keys(&rings)).unwrap());
    }

    #[test]
    fn a_key_in_use_survives_a_flood_of_shorter_windows() {
        let rings = MemoryRings::new(256 * 1024);
        let long = Rule { max: 2, window: 60_000 };
        rings.take(long, "account", 0);
        rings.take(long, "account", 0);
        for n in 0..20_000 {
            rings.take(RULE, &format!("flood:{n}"), 0);
        }
        assert!(matches!(rings.take(long, "account", 0), Verdict::Refused { .. }));
    }

    #[test]
    fn expired_keys_leave_by_themselves() {
        let rings = MemoryRings::new(BUDGET);
        for n in 0..5_000 {
            rings.take(RULE, &format!("old:{n}"), 0);
        }
        for n in 0..5_000 {
            rings.take(RULE, &format!("new:{n}"), 5_000);
        }
        assert_eq!(keys(&rings), 5_000);
        assert_eq!(rings.evicted(), 0);
    }

    #[test]
    fn a_key_does_not_grow_with_what_it_accepted_or_refused() {
        let rings = MemoryRings::new(BUDGET);
        for now in 0..10_000 {
            rings.take(RULE, "one", now * 100);
        }
        assert_eq!(keys(&rings), 1);
        assert!(bytes(&rings) < 512);
    }
}
