//! What events must concern, as lists, exports and watchers ask for.

use gantry_kernel::{Id, Violation};

use super::types::TypeFilter;
use crate::store::EventRow;

/// What an event must meet; what is absent is met by all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Types.
    pub(crate) types: TypeFilter,
    /// Only events of this user.
    pub(crate) user_id: Option<String>,
    /// Only events of this org.
    pub(crate) org_id: Option<String>,
    /// Only events of this membership.
    pub(crate) membership_id: Option<String>,
    /// Only events of this auth provider.
    pub(crate) auth_provider_id: Option<String>,
    /// Only events of this invitation.
    pub(crate) invitation_id: Option<String>,
    /// Only events that this request caused.
    pub(crate) request_id: Option<String>,
}

/// Reads the filter of a request, whichever; what is wrong with it is added to a list.
macro_rules! read_filter {
    ($asked:expr, $wrong:expr) => {
        $crate::rules::filter::Filter {
            types: $crate::rules::types::TypeFilter::read(&$asked.event_type)
                .map_err(|violation| $wrong.push(violation))
                .unwrap_or_default(),
            user_id: $crate::rules::filter::id::<gantry_kernel::UserId>(&$asked.user_id, "user_id", &mut $wrong),
            org_id: $crate::rules::filter::id::<gantry_kernel::OrgId>(&$asked.org_id, "org_id", &mut $wrong),
            membership_id: $crate::rules::filter::id::<gantry_kernel::MembershipId>(
                &$asked.membership_id,
                "membership_id",
                &mut $wrong,
            ),
            auth_provider_id: $crate::rules::filter::id::<gantry_kernel::ProviderId>(
                &$asked.auth_provider_id,
                "auth_provider_id",
                &mut $wrong,
            ),
            invitation_id: $crate::rules::filter::id::<gantry_kernel::InvitationId>(
                &$asked.invitation_id,
                "invitation_id",
                &mut $wrong,
            ),
            request_id: $crate::rules::filter::id::<gantry_kernel::RequestId>(
                &$asked.request_id,
                "request_id",
                &mut $wrong,
            ),
        }
    };
}
pub(crate) use read_filter;

impl Filter {
    /// Whether it leaves what one thing is concerned with, which is few enough to look through.
    pub(crate) fn is_narrow(&self) -> bool {
        self.pairs(None).iter().any(|(wanted, _)| wanted.is_some())
    }

    /// Whether it lets an event through.
    pub(crate) fn passes(&self, row: &EventRow) -> bool {
        let same = |(wanted, has): (&Option<String>, &Option<String>)| wanted.is_none() || wanted == has;
        self.types.passes(&row.event_type) && self.pairs(Some(row)).into_iter().all(same)
    }

    /// What is wanted beside what an event has.
    fn pairs<'a>(&'a self, row: Option<&'a EventRow>) -> [(&'a Option<String>, &'a Option<String>); 6] {
        macro_rules! pair {
            ($name:ident) => {
                (&self.$name, row.map_or(&None, |row| &row.$name))
            };
        }
        [
            pair!(user_id),
            pair!(org_id),
            pair!(membership_id),
            pair!(auth_provider_id),
            pair!(invitation_id),
            pair!(request_id),
        ]
    }
}

/// Reads an id to filter by; an empty text counts as absent.
pub(crate) fn id<I: Id>(text: &Option<String>, field: &str, wrong: &mut Vec<Violation>) -> Option<String> {
    let text = text.as_deref().filter(|text| !text.is_empty())?;
    match I::parse(text) {
        Ok(id) => Some(id.as_ref().to_owned()),
        Err(_not_an_id) => {
            wrong.push(Violation::new(field, "id_format"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::event::Event;
    use gantry_kernel::UserId;
    use proptest::prelude::*;

    fn row(user: Option<&str>, org: Option<&str>) -> EventRow {
        let event = Event {
            event_type: "user.created".to_owned(),
            user_id: user.map(str::to_owned),
            org_id: org.map(str::to_owned),
            ..Event::default()
        };
        EventRow::new(1, event)
    }

    #[test]
    fn a_filter_lets_through_what_meets_all_of_it() {
        assert!(Filter::default().passes(&row(None, None)));
        assert!(!Filter::default().is_narrow());
        let filter = Filter {
            user_id: Some("usr_1".to_owned()),
            org_id: Some("org_1".to_owned()),
            ..Filter::default()
        };
        assert!(filter.is_narrow());
        assert!(filter.passes(&row(Some("usr_1"), Some("org_1"))));
        for (user, org) in [
            (Some("usr_1"), None),
            (None, Some("org_1")),
            (Some("usr_2"), Some("org_1")),
        ] {
            assert!(!filter.passes(&row(user, org)));
        }
        let none = Filter {
            types: TypeFilter::Only(vec!["org.created"]),
            ..Filter::default()
        };
        assert!(!none.passes(&row(None, None)));
    }

    proptest! {
        #[test]
        fn t_41_id_takes_ids_only(text in ".{1,30}") {
            let mut wrong = Vec::new();
            match id::<UserId>(&Some(text), "user_id", &mut wrong) {
                Some(id) => prop_assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')),
                None => prop_assert_eq!(wrong.len(), 1),
            }
        }
    }
}
