//! Collects what is wrong with a request, so that a caller hears of all of it at once.

use crate::{Locale, Problem, Violation};

/// Violations found so far.
#[derive(Debug, Default)]
pub struct Checks(Vec<Violation>);

impl Checks {
    /// The longest of the short texts, in characters: names, titles, references.
    pub const SHORT: usize = 255;
    /// The longest of the long texts: links, descriptions.
    pub const LONG: usize = 2048;

    /// Notes a violation; the first of a field is enough, since what follows from it would only confuse.
    pub fn add(&mut self, violation: Violation) {
        if !self.0.iter().any(|known| known.field == violation.field) {
            self.0.push(violation);
        }
    }

    /// Notes a violation without values.
    pub fn fail(&mut self, field: &str, key: &str) {
        self.add(Violation::new(field, key));
    }

    /// Ends with all violations, if there are any.
    ///
    /// # Errors
    /// With all of them.
    pub fn done(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.0))
        }
    }

    /// A text, trimmed; blank is absent. Control characters are refused: texts end up in headers, mails and logs.
    pub fn text(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        let text = value?.trim().to_owned();
        if text.chars().count() > max {
            self.add(Violation::new(field, "too_long").with("max", max));
        } else if text.chars().any(char::is_control) {
            self.fail(field, "invalid_characters");
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    pub fn required(&mut self, field: &str, value: Option<String>, max: usize) -> String {
        let text = self.text(field, value, max);
        if text.is_none() {
            self.fail(field, "required");
        }
        text.unwrap_or_default()
    }

    /// One of some words.
    pub fn word(&mut self, field: &str, value: &str, allowed: &[&str]) -> String {
        if !allowed.contains(&value) {
            self.add(Violation::new(field, "unknown_value").with("allowed", allowed.join(", ")));
        }
        value.to_owned()
    }

    /// A language: its tag as it is shown, in whatever case it came.
    pub fn locale(&mut self, field: &str, tag: &str) -> String {
        match Locale::exact(tag) {
            Some(locale) => locale.as_str().to_owned(),
            None => {
                self.add(Violation::new(field, "unknown_value").with("allowed", Locale::tags()));
                tag.to_owned()
            }
        }
    }

    /// A number within bounds.
    pub fn number(&mut self, field: &str, value: i64, min: i64, max: i64) -> i64 {
        if value < min || value > max {
            self.add(Violation::new(field, "out_of_range").with("min", min).with("max", max));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_violation_of_each_field_is_told() {
        let mut checks = Checks::default();
        assert_eq!(checks.text("name", Some("  a ".to_owned()), 5).as_deref(), Some("a"));
        assert_eq!(checks.text("name", Some("   ".to_owned()), 5), None);
        checks.text("title", Some("abcdef".to_owned()), 5);
        checks.text("title", Some("a\r\nb".to_owned()), 5);
        checks.text("name", Some("a\r\nb".to_owned()), 5);
        checks.required("email", None, 5);
        checks.word("state", "asleep", &["active", "inactive"]);
        checks.number("port", 0, 1, 9);
        assert_eq!(checks.locale("locale", "PT-br"), "pt-BR");
        checks.locale("locale", "es-MX");
        let keys: Vec<_> = checks
            .done()
            .unwrap_err()
            .violations
            .into_iter()
            .map(|violation| violation.key)
            .collect();
        assert_eq!(
            keys,
            [
                "too_long",
                "invalid_characters",
                "required",
                "unknown_value",
                "out_of_range",
                "unknown_value"
            ]
        );
    }
}
