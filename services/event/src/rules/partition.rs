//! The months by which events are divided, where the database can divide a table.

use gantry_kernel::{EventId, Id};

use super::event::LAST_MS;

/// The months that are made before they begin: so many may pass while no process of ours runs.
const AHEAD: i64 = 3;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A mean year of the Gregorian calendar, 365.2425 days.
const YEAR_MS: i64 = 31_556_952_000;
/// Days in the months of a year that is no leap year.
const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A part of all events, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partition {
    /// The table's name.
    pub(crate) name: String,
    /// The smallest id that belongs to it; absent where it reaches back without end.
    pub(crate) from: Option<String>,
    /// The id that all are smaller than.
    pub(crate) to: String,
}

impl Partition {
    /// Whether an id could belong to both.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let begins_before_the_end = |one: &Self, other: &Self| one.from.as_ref().is_none_or(|from| *from < other.to);
        begins_before_the_end(self, other) && begins_before_the_end(other, self)
    }
}

/// The partitions that should be there at a time: its month, in UTC, and those that follow.
pub(crate) fn ahead(now_ms: i64) -> Vec<Partition> {
    let first = month_of(now_ms);
    let months = (first..=first + AHEAD).map(partition);
    // Behind the end of time nothing can be told apart.
    months.filter(|month| month.from.as_ref() < Some(&month.to)).collect()
}

/// A month, counted from January 1970.
fn partition(month: i64) -> Partition {
    Partition {
        name: format!(
            "event_events_y{}m{:02}",
            1970 + month.div_euclid(12),
            1 + month.rem_euclid(12)
        ),
        from: Some(smallest(begin_of(month))),
        to: smallest(begin_of(month + 1)),
    }
}

/// The smallest id of a millisecond.
fn smallest(ms: i64) -> String {
    let ms = u128::try_from(ms.min(LAST_MS)).unwrap_or(0);
    EventId::from_bits(ms << 80).into_string()
}

/// The month that a time lies in.
fn month_of(ms: i64) -> i64 {
    let ms = ms.clamp(0, LAST_MS);
    let mut month = ms / (YEAR_MS / 12);
    while begin_of(month) > ms {
        month -= 1;
    }
    while begin_of(month + 1) <= ms {
        month += 1;
    }
    month
}

/// The first millisecond of a month.
fn begin_of(month: i64) -> i64 {
    let (year, of_year) = (1970 + month.div_euclid(12), month.rem_euclid(12));
    let leap_years_before = |year: i64| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let is_leap = leap_years_before(year + 1) > leap_years_before(year);
    let of_years = 365 * (year - 1970) + leap_years_before(year) - leap_years_before(1970);
    let before = LENGTHS.iter().take(usize::try_from(of_year).unwrap_or(0));
    let of_months: i64 = before.sum::<i64>() + i64::from(is_leap && of_year > 1);
    (of_years + of_months) * DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn months_begin_where_the_calendar_says() {
        // As `date -u -d 2024-03-01 +%s` has it.
        for (name, seconds) in [
            ("event_events_y1970m01", 0),
            ("event_events_y1972m03", 68_256_000),
            ("event_events_y2000m03", 951_868_800),
            ("event_events_y2024m02", 1_706_745_600),
            ("event_events_y2024m03", 1_709_251_200),
            ("event_events_y2026m12", 1_796_083_200),
            ("event_events_y2100m03", 4_107_542_400),
        ] {
            let begin = seconds * 1000;
            assert_eq!(ahead(begin)[0].name, name);
            assert_eq!(ahead(begin)[0].from, Some(smallest(begin)));
            if begin > 0 {
                assert_eq!(ahead(begin - 1)[1].name, name);
            }
        }
    }

    #[test]
    fn at_the_end_of_time_no_partition_is_empty() {
        assert!(ahead(LAST_MS).len() < 4);
        assert_eq!(ahead(-5)[0].name, "event_events_y1970m01");
    }

    #[test]
    fn what_shares_an_id_overlaps() {
        let of = |from: Option<&str>, to: &str| Partition {
            name: String::new(),
            from: from.map(str::to_owned),
            to: to.to_owned(),
        };
        let one = of(Some("b"), "d");
        for (other, shared) in [
            (of(None, "b"), false),
            (of(None, "c"), true),
            (of(Some("a"), "b"), false),
            (of(Some("c"), "e"), true),
            (of(Some("d"), "e"), false),
        ] {
            assert_eq!(one.overlaps(&other), shared, "{other:?}");
            assert_eq!(other.overlaps(&one), shared, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn months_follow_one_another_and_hold_their_time(ms in 0..=LAST_MS - 200 * DAY_MS) {
            let months = ahead(ms);
            prop_assert_eq!(months.len(), 4);
            for pair in months.windows(2) {
                prop_assert_eq!(&pair[1].from, &Some(pair[0].to.clone()));
            }
            prop_assert!(months[0].from.clone().unwrap() <= smallest(ms) && smallest(ms) < months[0].to);
        }
    }
}
