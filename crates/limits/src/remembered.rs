//! Refusals of a moment ago, so that a flood on one key costs no call to Redis.

use std::collections::HashMap;

use crate::limit::Rule;
use crate::shards::Shards;

/// Refusals a shard holds in its newer half; the older half is no larger.
const HALF: usize = 2_048;

/// Keys that Redis refused, and until when that is believed.
#[derive(Debug)]
pub(crate) struct Remembered {
    shards: Shards<Halves>,
    /// The longest that a refusal is believed: a refund by another process is seen after this time.
    longest: i64,
}

/// What is known about a key without asking Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is refused for another `reset` milliseconds.
    Refused { reset: i64 },
    /// Nothing; what is found out now goes with this era.
    Nothing { era: u64 },
}

/// When the newer half is full it becomes the older, and the older is forgotten: bounded, without any order to keep.
#[derive(Debug, Default)]
struct Halves {
    /// Rises with each removal.
    era: u64,
    newer: HashMap<Box<str>, Refusal>,
    older: HashMap<Box<str>, Refusal>,
}

#[derive(Debug, Clone, Copy)]
struct Refusal {
    rule: Rule,
    believed_until: i64,
    reset_at: i64,
}

impl Remembered {
    /// Makes an empty memory that believes a refusal for at most `longest` milliseconds.
    pub(crate) fn new(longest: i64) -> Self {
        Self {
            shards: Shards::new(Halves::default),
            longest,
        }
    }

    /// Tells what is known about a key under this rule.
    pub(crate) fn look(&self, rule: Rule, key: &str, now: i64) -> Known {
        let mut halves = self.shards.lock(key);
        let found = halves.newer.get(key).or_else(|| halves.older.get(key)).copied();
        match found {
            Some(refusal) if refusal.rule == rule && refusal.believed_until > now => Known::Refused {
                reset: refusal.reset_at - now,
            },
            Some(_) => {
                // Too old, or from before the settings changed.
                halves.forget(key);
                Known::Nothing { era: halves.era }
            }
            None => Known::Nothing { era: halves.era },
        }
    }

    /// Notes that a key is refused for another `reset` milliseconds, unless something was removed since `era`: the
    /// refusal may be older than the refund that followed it.
    pub(crate) fn insert(&self, era: u64, rule: Rule, key: &str, now: i64, reset: i64) {
        let refusal = Refusal {
            rule,
            believed_until: now + reset.min(self.longest),
            reset_at: now + reset,
        };
        let mut halves = self.shards.lock(key);
        if halves.era != era {
            return;
        }
        if halves.newer.len() >= HALF {
            halves.older = std::mem::take(&mut halves.newer);
        }
        halves.newer.insert(key.into(), refusal);
    }

    /// Forgets a key, and what is being found out about it.
    pub(crate) fn remove(&self, key: &str) {
        let mut halves = self.shards.lock(key);
        halves.era += 1;
        halves.forget(key);
    }
}

impl Halves {
    fn forget(&mut self, key: &str) {
        self.newer.remove(key);
        self.older.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { max: 2, window: 9_000 };

    fn insert(remembered: &Remembered, key: &str, reset: i64) {
        remembered.insert(0, RULE, key, 0, reset);
    }

    fn reset(remembered: &Remembered, rule: Rule, key: &str, now: i64) -> Option<i64> {
        match remembered.look(rule, key, now) {
            Known::Refused { reset } => Some(reset),
            Known::Nothing { .. } => None,
        }
    }

    #[test]
    fn a_refusal_is_believed_until_its_reset_or_the_longest_time() {
        let remembered = Remembered::new(1_000);
        insert(&remembered, "short", 300);
        insert(&remembered, "long", 9_000);
        assert_eq!(reset(&remembered, RULE, "short", 299), Some(1));
        assert_eq!(reset(&remembered, RULE, "short", 300), None);
        assert_eq!(reset(&remembered, RULE, "long", 999), Some(8_001));
        assert_eq!(reset(&remembered, RULE, "long", 1_000), None);
    }

    #[test]
    fn a_refusal_under_other_settings_is_forgotten() {
        for other in [Rule { max: 3, ..RULE }, Rule { window: 1, ..RULE }] {
            let remembered = Remembered::new(1_000);
            insert(&remembered, "key", 9_000);
            assert!(reset(&remembered, RULE, "key", 1).is_some());
            assert_eq!(reset(&remembered, other, "key", 1), None);
            assert_eq!(reset(&remembered, RULE, "key", 1), None);
        }
    }

    #[test]
    fn a_removed_key_is_forgotten_in_both_halves() {
        let remembered = Remembered::new(1_000);
        insert(&remembered, "key", 9_000);
        for mut halves in remembered.shards.each() {
            halves.older = std::mem::take(&mut halves.newer);
        }
        insert(&remembered, "key", 9_000);
        remembered.remove("key");
        assert_eq!(reset(&remembered, RULE, "key", 0), None);
    }

    #[test]
    fn a_refusal_found_before_a_removal_and_noted_after_it_is_dropped() {
        let remembered = Remembered::new(1_000);
        let Known::Nothing { era } = remembered.look(RULE, "key", 0) else {
            panic!("nothing is known yet");
        };
        remembered.remove("key");
        remembered.insert(era, RULE, "key", 0, 9_000);
        assert_eq!(reset(&remembered, RULE, "key", 0), None);
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_keeps_the_newest() {
        let remembered = Remembered::new(1_000);
        for n in 0..200_000 {
            insert(&remembered, &format!("key:{n}"), 9_000);
        }
        for halves in remembered.shards.each() {
            assert!(halves.newer.len() <= HALF && halves.older.len() <= HALF);
        }
        assert!(reset(&remembered, RULE, "key:199999", 0).is_some());
    }
}
