//! What a caller sent, and checks that several kinds of settings share.

use gantry_kernel::{Checks, Locale};

/// What a caller sent for a field: nothing, null (the default again), or a value.
pub(crate) type Sent<T> = Option<Option<T>>;

/// A list of languages, each once.
pub(crate) fn locales_only(checks: &mut Checks, sent: &[String]) -> Vec<String> {
    let mut known = Vec::new();
    for tag in sent {
        let tag = checks.locale("locales", tag);
        if !known.contains(&tag) && known.len() < Locale::ALL.len() {
            known.push(tag);
        }
    }
    known
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
