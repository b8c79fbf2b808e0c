//! How long events are kept.

use gantry_kernel::{Problem, Violation};

/// The fewest days: what is told of an event is tried for two.
const LEAST: i64 = 3;
/// The most, a hundred years.
const MOST: i64 = 36_500;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// When a month has surely ended and been dropped, in days from its beginning.
const MONTH: i64 = 32;

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

/// For how many days the realms that have events keep them, at the longest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Longest {
    days: i64,
    for_ever: bool,
}

impl Longest {
    /// Takes a realm into account.
    pub(crate) fn count(&mut self, days: Option<i64>) {
        match days {
            Some(days) => self.days = self.days.max(days),
            None => self.for_ever = true,
        }
    }

    /// After how many days nobody's are kept; `None` where somebody keeps them for ever, and where nobody has any.
    pub(crate) fn all_after(self) -> Option<i64> {
        (!self.for_ever && self.days > 0).then_some(self.days)
    }

    /// After how many days a realm's events are removed one by one, where whole months go at once. Those of who keeps the longest are
    /// left to go with their month; what is still there then, as in a month that cannot be dropped, is not.
    pub(crate) fn removed_after(self, days: i64) -> i64 {
        match !self.for_ever && days >= self.days {
            true => days.saturating_add(MONTH),
            false => days,
        }
    }
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
    fn who_keeps_the_longest_waits_for_the_month_to_go() {
        let mut longest = Longest::default();
        assert_eq!(longest.all_after(), None);
        longest.count(Some(30));
        assert_eq!(longest.removed_after(30), 62);
        longest.count(Some(90));
        longest.count(Some(30));
        assert_eq!([30, 90].map(|days| longest.removed_after(days)), [30, 122]);
        assert_eq!(longest.all_after(), Some(90));
        // While somebody keeps them for ever no month ever goes.
        longest.count(None);
        assert_eq!([30, 90].map(|days| longest.removed_after(days)), [30, 90]);
        assert_eq!(longest.all_after(), None);
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
