//! Which events a list shows.

use gantry_kernel::{EventId, Id, MembershipId, OrgId, Page, RealmId, RequestId, UserId, Violation};

use super::event::LAST_MS;
use super::types::TypeFilter;

/// How far back a list reaches when the caller does not say, in milliseconds.
const DEFAULT_REACH_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// What a list is asked for, checked.
#[derive(Debug, Clone)]
pub(crate) struct EventQuery {
    /// The realm.
    pub(crate) realm_id: RealmId,
    /// Types.
    pub(crate) types: TypeFilter,
    /// Only events of this user.
    pub(crate) user_id: Option<UserId>,
    /// Only events of this org.
    pub(crate) org_id: Option<OrgId>,
    /// Only events of this membership.
    pub(crate) membership_id: Option<MembershipId>,
    /// Only events that this request caused.
    pub(crate) request_id: Option<RequestId>,
    /// Only events whose ids are not smaller: ids embed the millisecond of their making, so this is a time.
    pub(crate) since: Option<EventId>,
    /// The page.
    pub(crate) page: Page,
}

/// The smallest id that an event made at or after a time can have. `after` is in Unix seconds: absent it is 30 days ago; 0
/// (or less) stands for no bound.
///
/// # Errors
/// When it is no number.
pub(crate) fn since(after: Option<f64>, now_ms: i64) -> Result<Option<EventId>, Violation> {
    let ms = match after {
        None => now_ms - DEFAULT_REACH_MS,
        Some(seconds) if !seconds.is_finite() => return Err(Violation::new("created_at_after", "not_a_number")),
        // A double of today's seconds is off by a quarter of a microsecond, which must not become a whole millisecond. The
        // cast saturates.
        Some(seconds) => (seconds * 1000.0 - 0.001).ceil() as i64,
    };
    let ms = u128::try_from(ms.min(LAST_MS)).unwrap_or(0);
    Ok((ms > 0).then(|| EventId::from_bits(ms << 80)))
}

/// Reads an id to filter by; an empty text counts as absent.
///
/// # Errors
/// When it is no id of the kind.
pub(crate) fn id<I: Id>(text: Option<&str>, field: &str) -> Result<Option<I>, Violation> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match I::parse(text) {
            Ok(id) => Ok(Some(id)),
            Err(_not_an_id) => Err(Violation::new(field, "id_format")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_700_000_000_000;

    fn millis(id: &EventId) -> i64 {
        let digits = id.as_str().strip_prefix("ev_").unwrap();
        i64::try_from(gantry_kernel::base62::decode(digits).unwrap() >> 80).unwrap()
    }

    #[test]
    fn since_is_thirty_days_ago_unless_the_caller_says_otherwise() {
        assert_eq!(millis(&since(None, NOW).unwrap().unwrap()), NOW - 2_592_000_000);
        assert_eq!(since(Some(0.0), NOW).unwrap(), None);
        assert_eq!(since(Some(-5.0), NOW).unwrap(), None);
        assert_eq!(since(Some(f64::MIN), NOW).unwrap(), None);
        assert_eq!(millis(&since(Some(f64::MAX), NOW).unwrap().unwrap()), LAST_MS);
        assert!(since(Some(f64::NAN), NOW).is_err());
        assert!(since(Some(f64::INFINITY), NOW).is_err());
    }

    proptest! {
        #[test]
        fn since_finds_an_event_by_the_time_that_it_shows(ms in 1..4_000_000_000_000_i64, more in 3_u32..1000) {
            let shown = ms as f64 / 1000.0;
            prop_assert_eq!(millis(&since(Some(shown), NOW).unwrap().unwrap()), ms);
            // Any time behind it leaves it out, up to the next millisecond's events.
            let behind = shown + f64::from(more) / 1_000_000.0;
            prop_assert_eq!(millis(&since(Some(behind), NOW).unwrap().unwrap()), ms + 1);
        }

        #[test]
        fn t_41_id_takes_ids_only(text in ".{1,30}") {
            if let Ok(Some(id)) = id::<UserId>(Some(&text), "user_id") {
                prop_assert!(id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
            }
        }
    }
}
