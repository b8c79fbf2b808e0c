//! How long events are kept.

use gantry_kernel::{Problem, Violation};

/// The fewest days: what is told of an event is tried for two.
const LEAST: i64 = 3;
/// The most, a hundred years.
const MOST: i64 = 36_500;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Checks the days that a realm chooses.
///
/// # Errors
/// When they are too few or too many.
pub(crate) fn check(days: Option<i64>) -> Result<Option<i64>, Problem> {
    match days {
        Some(days) if !(LEAST..=MOST).contains(&days) => {
            let violation = Violation::new("days", "out_of_range");
            Err(Problem::invalid(vec![violation.with("min", LEAST).with("max", MOST)]))
        }
        days => Ok(days),
    }
}

/// The days that count: the realm's own, else the operator's; `None` is for ever.
pub(crate) fn kept(own: Option<i64>, operator: Option<u32>) -> Option<i64> {
    own.or(operator.map(i64::from))
}

/// The moment up to which events are over.
pub(crate) fn cutoff(days: i64, now_ms: i64) -> i64 {
    now_ms.saturating_sub(days.saturating_mul(DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_realm_s_own_days_count_before_the_operator_s() {
        assert_eq!(kept(None, None), None);
        assert_eq!(kept(None, Some(90)), Some(90));
        assert_eq!(kept(Some(400), Some(90)), Some(400));
        assert_eq!(kept(Some(3), None), Some(3));
        assert_eq!(cutoff(3, 10 * DAY_MS), 7 * DAY_MS);
    }

    #[test]
    fn nobody_keeps_them_for_less_than_they_are_told() {
        for days in [None, Some(3), Some(36_500)] {
            assert_eq!(check(days).unwrap(), days);
        }
        for days in [2, 0, -1, 36_501, i64::MIN, i64::MAX] {
            assert!(check(Some(days)).is_err(), "{days}");
        }
    }
}
