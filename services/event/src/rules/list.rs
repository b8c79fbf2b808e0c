//! Which events a list shows.

use gantry_kernel::{EventId, Id, Page, RealmId, Violation};

use super::event::LAST_MS;
use super::filter::Filter;

/// How far back a list reaches when the caller does not say, in milliseconds.
const DEFAULT_REACH_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What a list is asked for, checked.
#[derive(Debug, Clone)]
pub(crate) struct EventQuery {
    /// The realm.
    pub(crate) realm_id: RealmId,
    /// What they must concern.
    pub(crate) filter: Filter,
    /// Only events that this hook was told of.
    pub(crate) hook_id: Option<String>,
    /// Only events whose ids are not smaller: ids embed the millisecond of their making, so this is a time.
    pub(crate) since: Option<EventId>,
    /// Only events whose ids are smaller.
    pub(crate) before: Option<EventId>,
    /// The page.
    pub(crate) page: Page,
}

/// The smallest ids that events made at or after two times can have. Both are in Unix seconds; 0 (or less) stands for no bound. Where
/// the first is absent it is 30 days before the second, or before now.
///
/// # Errors
/// When one is no number.
pub(crate) fn times(
    after: Option<f64>,
    before: Option<f64>,
    now_ms: i64,
) -> Result<(Option<EventId>, Option<EventId>), Violation> {
    let before = match before {
        Some(seconds) => Some(millis(seconds, "created_at_before")?).filter(|ms| *ms > 0),
        None => None,
    };
    let after = match after {
        Some(seconds) => millis(seconds, "created_at_after")?,
        None => before.unwrap_or(now_ms).min(now_ms) - DEFAULT_REACH_MS,
    };
    Ok((first_at(after), before.and_then(first_at)))
}

/// The first whole millisecond that is not before a time.
pub(crate) fn millis(seconds: f64, field: &str) -> Result<i64, Violation> {
    if !seconds.is_finite() {
        return Err(Violation::new(field, "not_a_number"));
    }
    // A double of today's seconds is off by a quarter of a microsecond, which must not become a whole millisecond. The cast
    // saturates.
    Ok((seconds * 1000.0 - 0.001).ceil() as i64)
}

/// The smallest id of a millisecond; none for a time before all.
pub(crate) fn first_at<I: Id>(ms: i64) -> Option<I> {
    let ms = u128::try_from(ms.min(LAST_MS)).unwrap_or(0);
    (ms > 0).then(|| I::from_bits(ms << 80))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_700_000_000_000;
    const REACH: i64 = 2_592_000_000;

    fn millis(id: &EventId) -> i64 {
        let digits = id.as_str().strip_prefix("ev_").unwrap();
        i64::try_from(gantry_kernel::base62::decode(digits).unwrap() >> 80).unwrap()
    }

    fn since(after: Option<f64>) -> Result<Option<EventId>, Violation> {
        times(after, None, NOW).map(|(since, before)| {
            assert_eq!(before, None);
            since
        })
    }

    #[test]
    fn since_is_thirty_days_ago_unless_the_caller_says_otherwise() {
        assert_eq!(millis(&since(None).unwrap().unwrap()), NOW - REACH);
        assert_eq!(since(Some(0.0)).unwrap(), None);
        assert_eq!(since(Some(-5.0)).unwrap(), None);
        assert_eq!(since(Some(f64::MIN)).unwrap(), None);
        assert_eq!(millis(&since(Some(f64::MAX)).unwrap().unwrap()), LAST_MS);
        assert!(since(Some(f64::NAN)).is_err());
        assert!(since(Some(f64::INFINITY)).is_err());
    }

    #[test]
    fn a_list_up_to_a_time_reaches_back_from_there() {
        let bounds = |after, before| {
            let (since, before) = times(after, before, NOW).unwrap();
            (since.map(|id| millis(&id)), before.map(|id| millis(&id)))
        };
        let old = NOW - 3 * REACH;
        let seconds = old as f64 / 1000.0;
        assert_eq!(bounds(None, Some(seconds)), (Some(old - REACH), Some(old)));
        assert_eq!(bounds(Some(0.0), Some(seconds)), (None, Some(old)));
        assert_eq!(bounds(None, Some(1e300)), (Some(NOW - REACH), Some(LAST_MS)));
        for none in [0.0, -1.0] {
            assert_eq!(bounds(None, Some(none)), (Some(NOW - REACH), None));
        }
        assert!(times(None, Some(f64::NAN), NOW).is_err());
    }

    proptest! {
        #[test]
        fn times_find_an_event_by_the_time_that_it_shows(ms in 1..4_000_000_000_000_i64, more in 3_u32..1000) {
            let shown = ms as f64 / 1000.0;
            prop_assert_eq!(millis(&since(Some(shown)).unwrap().unwrap()), ms);
            // Any time behind it leaves it out, up to the next millisecond's events.
            let behind = shown + f64::from(more) / 1_000_000.0;
            prop_assert_eq!(millis(&since(Some(behind)).unwrap().unwrap()), ms + 1);
            // What is not before a time is at or after it: two lists that meet there share nothing and miss nothing.
            prop_assert_eq!(&times(None, Some(behind), NOW).unwrap().1, &since(Some(behind)).unwrap());
        }
    }
}
