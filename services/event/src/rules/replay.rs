//! Which notifications are meant, to be listed or begun anew.

use gantry_kernel::{NotificationId, Problem, Violation};

use super::list::{first_at, millis};

/// Every state of a notification (contract 5.3).
const STATES: [&str; 4] = ["in_progress", "completed", "failed", "canceled"];
/// The most that one call begins anew: whoever wants more asks again, and sees how far it is.
pub(crate) const AT_ONCE: i64 = 5_000;

/// Notifications in some states, made in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) states: Vec<&'static str>,
    /// The smallest id that one may have.
    pub(crate) from: Option<String>,
    /// The id that all are smaller than.
    pub(crate) before: Option<String>,
}

/// A stretch of time as a caller sent it, in Unix seconds: from the first on, and before the second.
pub(crate) type Times = (Option<f64>, Option<f64>);

/// Reads what a list is to show: all, or what is in one state.
///
/// # Errors
/// For a state that none is in, and a time that is none.
pub(crate) fn listed(state: Option<&str>, times: Times) -> Result<Range, Problem> {
    let mut wrong = Vec::new();
    let states = match state.filter(|text| !text.is_empty()) {
        None => STATES.to_vec(),
        Some(state) => known(state, &STATES, &mut wrong),
    };
    range(states, times, wrong)
}

/// Reads what is to begin anew: what failed, if nothing else is said. Whoever wants what arrived once more says since when, lest
/// all that ever happened be told again.
///
/// # Errors
/// For a state that nothing is begun anew from, and a time that is none or is missing.
pub(crate) fn replayed(state: Option<&str>, times: Times) -> Result<Range, Problem> {
    let mut wrong = Vec::new();
    let states = match state.filter(|text| !text.is_empty()).unwrap_or("failed") {
        "all" => vec!["completed", "failed", "canceled"],
        state => known(state, &["all", "completed", "failed", "canceled"], &mut wrong),
    };
    if times.0.is_none() && states.as_slice() != ["failed"] && wrong.is_empty() {
        wrong.push(Violation::new("created_at_after", "required"));
    }
    range(states, times, wrong)
}

fn known(state: &str, allowed: &[&'static str], wrong: &mut Vec<Violation>) -> Vec<&'static str> {
    let found = allowed.iter().copied().find(|known| *known == state);
    if found.is_none() {
        wrong.push(Violation::new("state", "unknown_value").with("allowed", allowed.join(", ")));
    }
    found.into_iter().collect()
}

fn range(states: Vec<&'static str>, times: Times, mut wrong: Vec<Violation>) -> Result<Range, Problem> {
    let mut read = |seconds: Option<f64>, field: &str| {
        let ms = millis(seconds?, field)
            .map_err(|violation| wrong.push(violation))
            .ok()?;
        first_at(ms).map(NotificationId::into_string)
    };
    let from = read(times.0, "created_at_after");
    let before = read(times.1, "created_at_before");
    match wrong.is_empty() {
        true => Ok(Range { states, from, before }),
        false => Err(Problem::invalid(wrong)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::Id;

    fn keys(result: Result<Range, Problem>) -> Vec<String> {
        let wrong = result.err().map(|problem| problem.violations).unwrap_or_default();
        wrong.into_iter().map(|v| format!("{}:{}", v.field, v.key)).collect()
    }

    #[test]
    fn a_list_shows_all_states_or_one() {
        assert_eq!(listed(None, (None, None)).unwrap().states, STATES);
        assert_eq!(listed(Some(""), (None, None)).unwrap().states, STATES);
        assert_eq!(listed(Some("failed"), (None, None)).unwrap().states, ["failed"]);
        assert_eq!(
            keys(listed(Some("lost"), (Some(f64::NAN), None))),
            ["state:unknown_value", "created_at_after:not_a_number"]
        );
    }

    #[test]
    fn what_failed_is_begun_anew_and_more_only_from_a_time_on() {
        assert_eq!(replayed(None, (None, None)).unwrap().states, ["failed"]);
        for state in ["all", "completed", "canceled"] {
            assert_eq!(keys(replayed(Some(state), (None, None))), ["created_at_after:required"]);
            assert!(replayed(Some(state), (Some(1.0), None)).is_ok());
        }
        assert_eq!(
            keys(replayed(Some("in_progress"), (None, None))),
            ["state:unknown_value"]
        );
    }

    #[test]
    fn times_are_bounds_of_ids() {
        let range = listed(None, (Some(1.0), Some(1.001))).unwrap();
        assert_eq!(range.from, Some(NotificationId::from_bits(1000 << 80).into_string()));
        assert_eq!(range.before, Some(NotificationId::from_bits(1001 << 80).into_string()));
        let open = listed(None, (Some(0.0), Some(f64::MIN))).unwrap();
        assert_eq!((open.from, open.before), (None, None));
        assert!(listed(None, (Some(f64::MAX), None)).unwrap().from.is_some());
    }
}
