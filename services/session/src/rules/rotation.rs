//! How a realm's signing keys follow one another without a gap: published first, then current, then retiring until the last token
//! that one has signed is over (T-19).

use gantry_kernel::{Id, SessionId};

use super::profile::Algo;

/// How long a key is published before it signs, in milliseconds. A JWKS may be kept for a minute: by then everybody has the key.
const LEAD: i64 = 5 * 60 * 1000;
/// How long after the change another process may still have signed with the old key: as long as a request may take, and more.
const MARGIN: i64 = 60 * 1000;
/// When a key signs that waits to be told so.
pub(crate) const NOT_YET: i64 = i64::MAX;
/// The keys that a realm may have at once.
pub(crate) const MOST: usize = 10;

/// As much of a key as decides its standing.
pub(crate) trait Turn {
    /// Its id.
    fn id(&self) -> &str;
    /// Its algorithm's name.
    fn algo(&self) -> &str;
    /// From when on it signs, if nothing newer does, in milliseconds.
    fn signs_from(&self) -> i64;
}

/// Where a key stands among those of its realm and algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Published, and not signing yet.
    Next,
    /// The one that signs.
    Current,
    /// Verifying what it signed, until that is over.
    Retiring,
}

impl Standing {
    /// The flag that shows it.
    pub(crate) fn flag(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Retiring => "retiring",
        }
    }
}

/// When a key that is made now begins to sign. The first of its algorithm does at once, since nothing else does; a public key
/// when everybody can know it; a secret one when it is told to, since those who verify with it have to be given it by hand.
pub(crate) fn first_turn(algo: Algo, has_current: bool, at_once: bool, now: i64) -> i64 {
    match algo {
        _ if at_once || !has_current => now,
        Algo::Rs256 => now.saturating_add(LEAD),
        Algo::Hs256 => NOT_YET,
    }
}

/// The key of an algorithm that signs now: the one whose turn came last.
pub(crate) fn current<'a, K: Turn>(keys: &'a [K], algo: &str, now: i64) -> Option<&'a K> {
    let signs = |key: &&K| key.algo() == algo && key.signs_from() <= now;
    let order = |key: &&'a K| (key.signs_from(), key.id().to_owned());
    keys.iter().filter(signs).max_by_key(order)
}

/// Where a key stands among its realm's.
pub(crate) fn standing<K: Turn>(key: &K, keys: &[K], now: i64) -> Standing {
    match current(keys, key.algo(), now) {
        Some(current) if current.id() == key.id() => Standing::Current,
        _ if key.signs_from() > now => Standing::Next,
        _ => Standing::Retiring,
    }
}

/// The keys whose successors have signed for so long that nobody signs with them any more, each with the session id below which its own
/// sessions are.
pub(crate) fn retiring<K: Turn>(keys: &[K], now: i64) -> Vec<(String, String)> {
    let successor = |key: &K| {
        let after = |other: &&K| {
            other.algo() == key.algo()
                && other.signs_from() <= now
                && (other.signs_from(), other.id()) > (key.signs_from(), key.id())
        };
        keys.iter().filter(after).map(Turn::signs_from).min()
    };
    keys.iter()
        .filter(|key| standing(*key, keys, now) == Standing::Retiring)
        .filter_map(|key| Some((key.id().to_owned(), successor(key)?.saturating_add(MARGIN))))
        .filter(|(_, over)| *over <= now)
        .map(|(id, over)| (id, floor(over)))
        .collect()
}

/// The smallest digits that an id of this moment can have.
fn floor(ms: i64) -> String {
    let bits = u128::try_from(ms).unwrap_or(0) << 80;
    let id = SessionId::from_bits(bits).into_string();
    id.strip_prefix(SessionId::PREFIX).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Key(&'static str, &'static str, i64);

    impl Turn for Key {
        fn id(&self) -> &str {
            self.0
        }
        fn algo(&self) -> &str {
            self.1
        }
        fn signs_from(&self) -> i64 {
            self.2
        }
    }

    #[test]
    fn t_19_keys_follow_one_another() {
        let keys = [Key("a", "rs256", 0), Key("b", "rs256", 100), Key("h", "hs256", 0)];
        let stand = |now| keys.each_ref().map(|key| standing(key, &keys, now).flag());
        assert_eq!(stand(99), ["current", "next", "current"]);
        assert_eq!(stand(100), ["retiring", "current", "current"]);
        assert!(retiring(&keys, 99).is_empty());
        // Another process may still be signing with the old one.
        assert!(retiring(&keys, 100 + MARGIN - 1).is_empty());
        let [(id, below)] = retiring(&keys, 100 + MARGIN).try_into().unwrap();
        assert_eq!(id, "a");
        assert_eq!(below, floor(100 + MARGIN));
        assert_eq!(current(&keys, "es256", 100).map(Turn::id), None);
    }

    #[test]
    fn a_key_that_replaced_another_is_what_the_other_waits_for() {
        let keys = [Key("a", "rs256", 0), Key("b", "rs256", 100), Key("c", "rs256", 200)];
        let waits = retiring(&keys, 200 + MARGIN);
        let expected = [("a", 100), ("b", 200)].map(|(id, at)| (id.to_owned(), floor(at + MARGIN)));
        assert_eq!(waits, expected);
    }

    #[test]
    fn a_public_key_is_known_before_it_signs() {
        assert_eq!(first_turn(Algo::Rs256, true, false, 10), 10 + LEAD);
        assert_eq!(first_turn(Algo::Rs256, true, true, 10), 10);
        assert_eq!(first_turn(Algo::Rs256, false, false, 10), 10);
        assert_eq!(first_turn(Algo::Hs256, true, false, 10), NOT_YET);
    }
}
