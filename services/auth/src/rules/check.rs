//! Checks of what only Auth has, beside those that all services share.

use gantry_db::JsonText;
pub(crate) use gantry_kernel::Checks;
use gantry_kernel::{Email, Violation};
use serde_json::Value;

/// The longest of the short texts: names, titles, references.
pub(crate) const SHORT: usize = Checks::SHORT;
/// The longest of the long texts: links, descriptions.
pub(crate) const LONG: usize = Checks::LONG;
/// The most bytes of `custom`.
const CUSTOM: usize = 16 * 1024;

/// An address that must be there.
pub(crate) fn email(checks: &mut Checks, sent: Option<String>) -> String {
    match checks.required("email", sent, Email::MAX) {
        none if none.is_empty() => none,
        text => parsed_email(checks, "email", &text),
    }
}

/// An address in the form that is kept; empty for what is none.
pub(crate) fn parsed_email(checks: &mut Checks, field: &str, text: &str) -> String {
    let email = Email::parse(text);
    if email.is_none() {
        checks.fail(field, "not_an_email");
    }
    email.map(Email::into_string).unwrap_or_default()
}

/// A hash of scalars and arrays of scalars (contract 1.7).
pub(crate) fn custom(checks: &mut Checks, field: &str, value: Option<String>) -> JsonText {
    let Some(text) = value else {
        return JsonText(Value::Object(serde_json::Map::new()));
    };
    if text.len() > CUSTOM {
        checks.add(Violation::new(field, "custom_too_large").with("max", CUSTOM));
        return JsonText(Value::Null);
    }
    let scalar = |value: &Value| !value.is_object() && !value.is_array();
    let flat = |value: &Value| scalar(value) || value.as_array().is_some_and(|items| items.iter().all(scalar));
    match serde_json::from_str(&text) {
        Ok(Value::Object(map)) if map.values().all(flat) => JsonText(Value::Object(map)),
        // PHP writes an empty hash as `[]`.
        Ok(Value::Array(items)) if items.is_empty() => JsonText(Value::Object(serde_json::Map::new())),
        Ok(Value::Null) => JsonText(Value::Object(serde_json::Map::new())),
        _ => {
            checks.fail(field, "custom_format");
            JsonText(Value::Null)
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
            ("[]", true),
            ("nonsense", false),
            ("null", true),
        ] {
            let mut checks = Checks::default();
            custom(&mut checks, "custom", Some(text.to_owned()));
            assert_eq!(keys(checks).is_empty(), good, "{text}");
        }
    }
}
