//! Paths as clients write them: doubled slashes, percent escapes, and a `+` that is a plus (contract 1.1).

use std::borrow::Cow;

use gantry_kernel::{Problem, Reason, Violation};

/// Brings a request path to the form that routes match: slashes in a row become one. Everything else stays as it
/// was sent, escapes included.
///
/// # Errors
/// [`Reason::Malformed`] when a segment could not be decoded by [`segment`].
pub fn normalize(path: &str) -> Result<Cow<'_, str>, Problem> {
    // Nearly every path is plain: nothing in it needs decoding.
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'%' && byte != b'\\';
    if !path.bytes().all(plain) {
        for part in path.split('/') {
            segment(part)?;
        }
    }
    if !path.contains("//") {
        return Ok(Cow::Borrowed(path));
    }
    let mut out = String::with_capacity(path.len());
    for char in path.chars() {
        if char != '/' || !out.ends_with('/') {
            out.push(char);
        }
    }
    Ok(Cow::Owned(out))
}

/// Decodes one path segment: percent escapes only.
///
/// # Errors
/// [`Reason::Malformed`] for broken escapes, for what is not UTF-8, and for escaped slashes, backslashes and control
/// characters, which mean one thing to us and another to the next program (T-41).
pub fn segment(raw: &str) -> Result<String, Problem> {
    let refused = |char: char| char == '/' || char == '\\' || char.is_control();
    match percent_decode(raw.as_bytes(), false) {
        Some(text) if !text.contains(refused) => Ok(text),
        _ => Err(unreadable()),
    }
}

/// The problem of parameters that cannot be decoded.
pub(crate) fn unreadable() -> Problem {
    malformed("unreadable_form")
}

/// A malformed request, with the message that says what is wrong with it.
pub(crate) fn malformed(key: &str) -> Problem {
    let mut problem = Problem::new(Reason::Malformed);
    problem.violations.push(Violation::new("", key));
    problem
}

/// Decodes percent escapes, and `+` as a space where that is the custom; `None` for broken escapes and invalid UTF-8.
pub(crate) fn percent_decode(raw: &[u8], plus_is_space: bool) -> Option<String> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The path's parameters: the template's names and what stands in their places, percent escapes decoded.
///
/// # Errors
/// When an escape is none, or is no text.
pub fn params<'t>(template: &'t str, raw: &str) -> Result<Vec<(&'t str, String)>, Problem> {
    let mut found = Vec::new();
    for (part, raw) in template.split('/').zip(raw.split('/')) {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            found.push((name, segment(raw)?));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn normalize_collapses_slashes_and_keeps_the_rest() {
        for (given, path) in [
            ("/v2/users", "/v2/users"),
            ("/v2//users///usr_1", "/v2/users/usr_1"),
            ("//v2/users/", "/v2/users/"),
            ("/v2/users//", "/v2/users/"),
            ("/v2/users/a%40b", "/v2/users/a%40b"),
            ("/", "/"),
            ("", ""),
        ] {
            assert_eq!(normalize(given).unwrap(), path, "{given}");
        }
    }

    #[test]
    fn segment_decodes_what_the_clients_send() {
        for (raw, text) in [
            ("a+b@example.com", "a+b@example.com"),
            ("a%2Bb%40example.com", "a+b@example.com"),
            ("usr_1", "usr_1"),
            ("%E3%81%82", "あ"),
            ("a%20b", "a b"),
            ("%2e%2e", ".."),
            ("", ""),
        ] {
            assert_eq!(segment(raw).unwrap(), text, "{raw}");
        }
    }

    #[test]
    fn t_41_segment_refuses_slashes_controls_and_broken_escapes() {
        for raw in [
            "a%2fb",
            "a%2Fb",
            "..%2f..%2fetc",
            "a%5Cb",
            "%00",
            "a%0d%0aX: y",
            "%7f",
            "%C2%85",
            "%",
            "%4",
            "%zz",
            "%+1",
            "%ff",
            "%C3",
            "%ED%A0%80",
            "%c0%af",
        ] {
            let problem = segment(raw).unwrap_err();
            assert_eq!(problem.reason, Reason::Malformed, "{raw}");
            assert_eq!(problem.violations, [Violation::new("", "unreadable_form")], "{raw}");
            assert!(normalize(&format!("/v2/users/{raw}")).is_err(), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn segment_reads_back_what_was_escaped(text in "[^\\p{C}/\\\\]{0,20}") {
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            prop_assert_eq!(segment(&escaped).unwrap(), text);
        }

        #[test]
        fn no_path_panics(path in "(/|%|[0-9a-f]|.){0,30}") {
            let _ = normalize(&path);
        }
    }
}
