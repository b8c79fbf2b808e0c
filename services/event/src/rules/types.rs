//! The types of events, and what a filter by type means.

use gantry_kernel::Violation;

/// Every type that is stored: those of contract 5.1, and `hook.disabled` and `user.login.requested`, which are ours.
pub(crate) const ALL: [&str; 41] = [
    "hook.disabled",
    "invitation.org.accepted",
    "invitation.org.created",
    "invitation.org.expired",
    "invitation.org.invited",
    "invitation.org.updated",
    "invitation.preverify.accepted",
    "invitation.preverify.created",
    "invitation.preverify.expired",
    "invitation.preverify.invited",
    "invitation.preverify.updated",
    "invitation.referral.accepted",
    "invitation.referral.created",
    "invitation.referral.expired",
    "invitation.referral.invited",
    "invitation.referral.updated",
    "invitation.request.accepted",
    "invitation.request.created",
    "invitation.request.expired",
    "invitation.request.invited",
    "invitation.request.updated",
    "membership.created",
    "membership.deleted",
    "membership.updated",
    "org.closed",
    "org.created",
    "org.updated",
    "session.deleted",
    "user.created",
    "user.deleted",
    "user.email.updating",
    "user.email.verified",
    "user.email.verifying",
    "user.login.failed",
    "user.login.initiated",
    "user.login.requested",
    "user.login.succeeded",
    "user.password.resetting",
    "user.password.updated",
    "user.profile.updated",
    "user.updated",
];
/// The most types that one filter may name.
const MAX: usize = 64;

/// Whether a type is one that is stored.
pub(crate) fn is_known(event_type: &str) -> bool {
    ALL.binary_search(&event_type).is_ok()
}

/// The types that a filter lets through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum TypeFilter {
    /// All, also types that later versions add.
    #[default]
    All,
    /// These, in order; an empty list lets nothing through.
    Only(Vec<&'static str>),
}

impl TypeFilter {
    /// Reads a filter: full types or the beginnings of some, one a text or several with commas. Words that no type begins
    /// with let nothing through; a filter without words lets everything through.
    ///
    /// # Errors
    /// With a violation for words that no type could begin with, or too many of them.
    pub(crate) fn read(words: &[String]) -> Result<Self, Violation> {
        let words: Vec<&str> = words
            .iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .take(MAX + 1)
            .collect();
        if words.len() > MAX {
            return Err(Violation::new("event_type", "too_many_items").with("max", MAX));
        }
        let plain = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_');
        if !words.iter().all(|word| plain(word)) {
            return Err(Violation::new("event_type", "invalid_characters"));
        }
        if words.is_empty() {
            return Ok(Self::All);
        }
        let named = |event_type: &&str| words.iter().any(|word| event_type.starts_with(word));
        Ok(Self::Only(ALL.into_iter().filter(named).collect()))
    }

    /// Whether it lets a type through.
    pub(crate) fn passes(&self, event_type: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(types) => types.binary_search(&event_type).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(words: &[&str]) -> Result<TypeFilter, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        TypeFilter::read(&words).map_err(|violation| violation.key)
    }

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(ALL.is_sorted());
        assert!(is_known("user.created"));
        assert!(!is_known("user.crea"));
        assert!(!is_known("ping"));
    }

    #[test]
    fn read_takes_full_types_and_their_beginnings() {
        let login = [
            "user.login.failed",
            "user.login.initiated",
            "user.login.requested",
            "user.login.succeeded",
        ];
        for words in [vec!["user.login"], vec!["user.login."], vec!["user.lo"]] {
            assert_eq!(read(&words).unwrap(), TypeFilter::Only(login.to_vec()));
        }
        let two = TypeFilter::Only(vec!["org.closed", "user.created"]);
        assert_eq!(read(&["user.created", "org.closed"]).unwrap(), two);
        assert_eq!(read(&["user.created, org.closed"]).unwrap(), two);
    }

    #[test]
    fn read_tells_no_filter_from_one_that_nothing_meets() {
        assert_eq!(read(&[]).unwrap(), TypeFilter::All);
        assert_eq!(read(&["", " , "]).unwrap(), TypeFilter::All);
        let none = read(&["realm.created"]).unwrap();
        assert_eq!(none, TypeFilter::Only(vec![]));
        assert!(!none.passes("user.created"));
    }

    #[test]
    fn t_41_read_refuses_what_no_type_begins_with() {
        for word in [
            "user.%",
            "user.*",
            "'; drop table event_events",
            "User.created",
            "user\0",
            "ü",
        ] {
            assert_eq!(read(&[word]).unwrap_err(), "invalid_characters", "{word:?}");
        }
        assert_eq!(read(&["user"; 65]).unwrap_err(), "too_many_items");
        assert_eq!(read(&[&"user,".repeat(100_000)]).unwrap_err(), "too_many_items");
    }

    proptest! {
        #[test]
        fn a_filter_passes_exactly_what_it_lists(word in "[a-z.]{0,12}") {
            let filter = read(&[&word]).unwrap();
            for event_type in ALL {
                prop_assert_eq!(filter.passes(event_type), event_type.starts_with(&word));
            }
        }
    }
}
