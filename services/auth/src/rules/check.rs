//! Collects what is wrong with a request, so that a caller hears of all of it at once.

use gantry_db::JsonText;
use gantry_kernel::{Problem, Violation};
use serde_json::Value;

/// The longest of the short texts: names, titles, references.
pub(crate) const SHORT: usize = 255;
/// The longest of the long texts: links, descriptions.
pub(crate) const LONG: usize = 2048;
/// The most bytes of `custom`.
const CUSTOM: usize = 16 * 1024;

/// Violations found so far.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<Violation>);

impl Checks {
    /// Notes a violation; the first of a field is enough, since what follows from it would only confuse.
    pub(crate) fn add(&mut self, violation: Violation) {
        if !self.0.iter().any(|known| known.field == violation.field) {
            self.0.push(violation);
        }
    }

    pub(crate) fn fail(&mut self, field: &str, key: &str) {
        self.add(Violation::new(field, key));
    }

    /// Ends with all violations, if there are any.
    pub(crate) fn done(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.0))
        }
    }

    /// A text, trimmed; blank is absent. Control characters are refused: texts end up in headers, mails and logs.
    pub(crate) fn text(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        let text = value?.trim().to_owned();
        if text.chars().count() > max {
            self.add(Violation::new(field, "too_long").with("max", max));
        } else if text.chars().any(char::is_control) {
            self.fail(field, "invalid_characters");
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, field: &str, value: Option<String>, max: usize) -> String {
        let text = self.text(field, value, max);
        if text.is_none() {
            self.fail(field, "required");
        }
        text.unwrap_or_default()
    }

    /// One of some words.
    pub(crate) fn word(&mut self, field: &str, value: &str, allowed: &[&str]) -> String {
        if !allowed.contains(&value) {
            self.add(Violation::new(field, "unknown_value").with("allowed", allowed.join(", ")));
        }
        value.to_owned()
    }

    /// A number within bounds.
    pub(crate) fn number(&mut self, field: &str, value: i64, min: i64, max: i64) -> i64 {
        if value < min || value > max {
            self.add(Violation::new(field, "out_of_range").with("min", min).with("max", max));
        }
        value
    }

    /// A hash of scalars and arrays of scalars (contract 1.7).
    pub(crate) fn custom(&mut self, field: &str, value: Option<String>) -> JsonText {
        let Some(text) = value else {
            return JsonText(Value::Object(serde_json::Map::new()));
        };
        if text.len() > CUSTOM {
            self.add(Violation::new(field, "custom_too_large").with("max", CUSTOM));
            return JsonText(Value::Null);
        }
        let scalar = |value: &Value| !value.is_object() && !value.is_array();
        let flat = |value: &Value| scalar(value) || value.as_array().is_some_and(|items| items.iter().all(scalar));
        match serde_json::from_str(&text) {
            Ok(Value::Object(map)) if map.values().all(flat) => JsonText(Value::Object(map)),
            Ok(Value::Null) => JsonText(Value::Object(serde_json::Map::new())),
            _ => {
                self.fail(field, "custom_format");
                JsonText(Value::Null)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(checks: Checks) -> Vec<String> {
        checks
            .done()
            .err()
            .map(|p| p.violations.into_iter().map(|v| v.key).collect())
            .unwrap_or_default()
    }

    #[test]
    fn custom_is_a_flat_hash() {
        for (text, good) in [
            (r#"{"a":1,"b":["x",null],"c":true}"#, true),
            (r#"{"a":{"b":1}}"#, false),
            (r#"{"a":[[1]]}"#, false),
            ("[1]", false),
            ("nonsense", false),
            ("null", true),
        ] {
            let mut checks = Checks::default();
            checks.custom("custom", Some(text.to_owned()));
            assert_eq!(keys(checks).is_empty(), good, "{text}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let mut checks = Checks::default();
        assert_eq!(checks.text("name", Some("  a ".to_owned()), 5).as_deref(), Some("a"));
        assert_eq!(checks.text("name", Some("   ".to_owned()), 5), None);
        checks.text("title", Some("abcdef".to_owned()), 5);
        checks.text("name", Some("a\r\nb".to_owned()), 5);
        checks.required("email", None, 5);
        assert_eq!(keys(checks), ["too_long", "invalid_characters", "required"]);
    }
}
