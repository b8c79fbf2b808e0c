//! What a caller sent, and checks that several kinds of settings share.

use gantry_kernel::{Checks, Violation};

/// What a caller sent for a field: nothing, null (the default again), or a value.
pub(crate) type Sent<T> = Option<Option<T>>;

/// The languages that Gantry speaks.
const LOCALES: [&str; 3] = ["en", "es", "ja"];

/// Whether a word is a language that Gantry speaks.
pub(crate) fn is_locale(word: &str) -> bool {
    LOCALES.contains(&word)
}

/// A list of languages.
pub(crate) fn locales_only(checks: &mut Checks, sent: Vec<String>) -> Vec<String> {
    if !sent.iter().all(|word| is_locale(word)) {
        checks.add(Violation::new("locales", "unknown_value").with("allowed", LOCALES.join(", ")));
    }
    sent
}

/// active or inactive.
pub(crate) fn state(checks: &mut Checks, sent: Sent<String>) -> Option<String> {
    sent.map(|state| checks.word("state", state.as_deref().unwrap_or("active"), &["active", "inactive"]))
}

/// Whether a list holds a text.
pub(crate) fn list(items: &[String], text: &str) -> bool {
    items.iter().any(|item| item == text)
}

/// Whether a text is a host: a name, or an address.
pub(crate) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(text).parse::<std::net::IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}
