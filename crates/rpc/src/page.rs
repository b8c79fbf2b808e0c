//! Reads what a list call asks for (contract 1.7), the same for every service: page, order, expansions.

use gantry_kernel::{Direction, Id, Page, PageLimits, Problem, Sort, Violation};

/// The fields that every list request has.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListFields<'a> {
    /// How many items at most.
    pub max_results: Option<i64>,
    /// The id of the last item seen.
    pub after: Option<&'a str>,
    /// The order.
    pub sort: Option<&'a str>,
    /// The way it runs.
    pub direction: Option<&'a str>,
}

/// Reads a page of things whose ids are `I`, in one of the orders that the list offers; an empty text counts as absent.
///
/// # Errors
/// With a violation for each field that breaks its rule.
pub fn page<I: Id>(fields: ListFields<'_>, sorts: &[Sort], default: (Sort, Direction)) -> Result<Page, Problem> {
    let mut wrong = Vec::new();
    let max_results = fields.max_results.unwrap_or(PageLimits::DEFAULT);
    if !(1..=PageLimits::MAX).contains(&max_results) {
        let violation = Violation::new("max_results", "out_of_range");
        wrong.push(violation.with("min", 1).with("max", PageLimits::MAX));
    }
    let after = given(fields.after);
    if after.is_some_and(|id| I::parse(id).is_err()) {
        wrong.push(Violation::new("after", "id_format"));
    }
    let sort = given(fields.sort).map_or(Some(default.0), |name| {
        sorts.iter().copied().find(|sort| sort_name(*sort) == name)
    });
    if sort.is_none() {
        let allowed: Vec<_> = sorts.iter().map(|sort| sort_name(*sort)).collect();
        wrong.push(Violation::new("sort", "sort_unknown").with("allowed", allowed.join(", ")));
    }
    let direction = match given(fields.direction) {
        None => Some(default.1),
        Some("asc") => Some(Direction::Asc),
        Some("desc") => Some(Direction::Desc),
        Some(_) => None,
    };
    if direction.is_none() {
        wrong.push(Violation::new("direction", "direction_unknown"));
    }
    match (sort, direction) {
        (Some(sort), Some(direction)) if wrong.is_empty() => Ok(Page {
            max_results,
            after: after.map(str::to_owned),
            sort,
            direction,
        }),
        _ => Err(Problem::invalid(wrong)),
    }
}

/// The fields of a list's request that say which page of it.
#[macro_export]
macro_rules! list_fields {
    ($asked:ident) => {
        $crate::ListFields {
            max_results: $asked.max_results,
            after: $asked.after.as_deref(),
            sort: $asked.sort.as_deref(),
            direction: $asked.direction.as_deref(),
        }
    };
}

/// Reads `expand`: a list whose items may be comma lists themselves. Each known word is told once.
///
/// # Errors
/// With a violation when a word is none of `known`.
pub fn expands(list: &[String], known: &[&str]) -> Result<Expands, Problem> {
    let mut found: Vec<String> = Vec::new();
    for word in list.iter().flat_map(|item| item.split(',')).map(str::trim) {
        if word.is_empty() || found.iter().any(|seen| seen == word) {
            continue;
        }
        if !known.contains(&word) {
            let violation = Violation::new("expand", "expand_unknown").with("allowed", known.join(", "));
            return Err(Problem::invalid(vec![violation]));
        }
        found.push(word.to_owned());
    }
    Ok(Expands(found))
}

/// What a caller wants to see with what they asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Expands(Vec<String>);

impl Expands {
    /// Whether a word is among what was asked for.
    pub fn has(&self, word: &str) -> bool {
        self.0.iter().any(|known| known == word)
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Id => "id",
        Sort::Name => "name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::OrgId;

    const SORTS: [Sort; 2] = [Sort::Id, Sort::Name];
    const DEFAULT: (Sort, Direction) = (Sort::Name, Direction::Asc);

    fn read(fields: ListFields<'_>) -> Result<Page, Vec<String>> {
        page::<OrgId>(fields, &SORTS, DEFAULT).map_err(|problem| {
            problem
                .violations
                .into_iter()
                .map(|v| format!("{}:{}", v.field, v.key))
                .collect()
        })
    }

    #[test]
    fn page_has_the_lists_own_defaults() {
        let made = read(ListFields {
            after: Some(""),
            sort: Some(""),
            ..ListFields::default()
        })
        .unwrap();
        assert_eq!(
            made,
            Page {
                max_results: 100,
                after: None,
                sort: Sort::Name,
                direction: Direction::Asc
            }
        );
    }

    #[test]
    fn page_takes_the_edges_of_what_is_allowed() {
        for max in [1, 1000] {
            let id = "org_7n42DGM5Tflk9n8mt7Fhc7";
            let fields = ListFields {
                max_results: Some(max),
                after: Some(id),
                sort: Some("id"),
                direction: Some("desc"),
            };
            let made = read(fields).unwrap();
            assert_eq!((made.max_results, made.after.as_deref()), (max, Some(id)));
            assert_eq!((made.sort, made.direction), (Sort::Id, Direction::Desc));
        }
    }

    #[test]
    fn t_41_page_names_every_field_that_breaks_its_rule() {
        let fields = ListFields {
            max_results: Some(1001),
            after: Some("org_'; drop table orgs"),
            sort: Some("created_at"),
            direction: Some("DESC"),
        };
        let all = [
            "max_results:out_of_range",
            "after:id_format",
            "sort:sort_unknown",
            "direction:direction_unknown",
        ];
        assert_eq!(read(fields).unwrap_err(), all);
        for max in [0, -1, i64::MIN, i64::MAX] {
            let fields = ListFields {
                max_results: Some(max),
                ..ListFields::default()
            };
            assert_eq!(read(fields).unwrap_err(), ["max_results:out_of_range"]);
        }
        let user = ListFields {
            after: Some("usr_7n42DGM5Tflk9n8mt7Fhc7"),
            ..ListFields::default()
        };
        assert_eq!(read(user).unwrap_err(), ["after:id_format"]);
    }

    #[test]
    fn expands_reads_lists_and_comma_lists() {
        let known = ["token", "memberships"];
        let list = ["token, memberships".to_owned(), "token".to_owned(), String::new()];
        assert_eq!(expands(&list, &known).unwrap().0, ["token", "memberships"]);
        assert_eq!(expands(&[], &known).unwrap().0, [""; 0]);
        let one = expands(&["token".to_owned()], &known).unwrap();
        assert!(one.has("token") && !one.has("memberships"));
        let problem = expands(&["token,secret".to_owned()], &known).unwrap_err();
        let violation = &problem.violations[0];
        assert_eq!(
            (violation.field.as_str(), violation.key.as_str()),
            ("expand", "expand_unknown")
        );
        assert_eq!(
            violation.args,
            [("allowed".to_owned(), "token, memberships".to_owned())]
        );
    }
}
