//! When what failed is tried again.

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;

/// The pauses behind the first attempts that failed (contract 5.5): two days, and then no more.
const PAUSES: [i64; 8] = [
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
];
/// Attempts of a lane that fail in a row until it is left alone for a while.
pub(crate) const BREAK: i64 = 5;
/// For how long, at first and at the most.
const REST: (i64, i64) = (30 * 1000, 15 * MINUTE);

/// A hook is switched off when nothing has arrived for so long, in milliseconds, and so many attempts have failed meanwhile: longer
/// than one event is tried, and more than one is.
const OFF_AFTER: i64 = 3 * 24 * HOUR;
const OFF_COUNT: i64 = 20;

/// Whether a hook that has failed since a time, so often, is to be switched off.
pub(crate) fn is_hopeless((since, count): (i64, i64), now: i64) -> bool {
    now.saturating_sub(since) >= OFF_AFTER && count >= OFF_COUNT
}

/// The pause before the next attempt when so many have failed; none when there is to be no other.
pub(crate) fn pause(attempts: i64, random: u128) -> Option<i64> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    PAUSES.get(index).map(|pause| jittered(*pause, random))
}

/// For how long a lane is left alone after so many failures in a row: what is away is not asked for each of a thousand events.
pub(crate) fn rest(failures: i64, random: u128) -> Option<i64> {
    let over = failures.checked_sub(BREAK).filter(|over| *over >= 0)?;
    let doubled = REST.0.saturating_mul(1 << over.min(10));
    Some(jittered(doubled.min(REST.1), random))
}

/// A tenth more or less, so that what failed together does not come back together.
fn jittered(pause: i64, random: u128) -> i64 {
    let part = i64::try_from(random % 2001).unwrap_or(1000);
    pause - pause / 10 + pause / 10 * part / 1000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_pauses_are_the_contract_s_and_end_after_two_days() {
        let minutes: Vec<_> = (1..=9).map(|n| pause(n, 1000).map(|ms| ms / MINUTE)).collect();
        let expected = [1, 5, 15, 60, 180, 360, 720, 1440].map(Some);
        assert_eq!(minutes, [&expected[..], &[None]].concat());
        assert_eq!(pause(0, 0), None);
    }

    #[test]
    fn a_lane_rests_after_five_failures_and_longer_after_more() {
        let seconds: Vec<_> = [0, 4, 5, 6, 9, 10, i64::MAX]
            .map(|n| rest(n, 1000).map(|ms| ms / 1000))
            .into();
        assert_eq!(
            seconds,
            [None, None, Some(30), Some(60), Some(480), Some(900), Some(900)]
        );
    }

    #[test]
    fn a_hook_is_hopeless_after_days_and_many_attempts() {
        let days = |n: i64| n * 24 * HOUR;
        assert!(is_hopeless((0, 20), days(3)));
        assert!(!is_hopeless((0, 19), days(30)));
        assert!(!is_hopeless((1, 1000), days(3)));
        // A clock that went back is no reason.
        assert!(!is_hopeless((days(9), 1000), 0));
    }

    proptest! {
        #[test]
        fn a_pause_is_off_by_a_tenth_at_the_most(attempts in 1_i64..=8, random: u128) {
            let exact = pause(attempts, 1000).unwrap();
            let drawn = pause(attempts, random).unwrap();
            prop_assert!((drawn - exact).abs() <= exact / 10);
        }
    }
}
