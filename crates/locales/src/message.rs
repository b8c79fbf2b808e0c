//! Finding a message and filling its `{placeholders}`.

use std::borrow::Cow;

use crate::Locale;
use crate::table::table;

/// Writes the message of a key (`error.login_failed`, `violation.too_long`) in a language, its `{name}`s filled with
/// the given values and its first letter made a capital. A key that does not exist gets a general text, a value that
/// is missing an ellipsis: a person waits for this sentence.
pub fn t(locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
    let template = find(locale, key)
        .or_else(|| find(locale, "error.unknown"))
        .unwrap_or("The request failed");
    capital(fill(template, args))
}

/// Writes what a field did wrong: the message `violation.<key>`, `{field}` being the field's display name.
pub fn violation(locale: Locale, field_name: &str, key: &str, args: &[(&str, &str)]) -> String {
    let name = field(locale, field_name);
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(("field", name.as_ref()));
    all.extend_from_slice(args);
    match find(locale, &format!("violation.{key}")) {
        Some(template) => capital(fill(template, &all)),
        None => t(locale, "violation.unknown", &all),
    }
}

/// Names a field as a person would: its entry in `[field]`, else that of its last part (`user.email`, `scopes[0]`),
/// else the wire name with spaces; the empty name is the request itself.
pub fn field(locale: Locale, name: &str) -> Cow<'static, str> {
    let stem = name.split('[').next().unwrap_or_default();
    let last = stem.rsplit('.').next().unwrap_or_default();
    let last = if last.is_empty() { "request" } else { last };
    match find(locale, &format!("field.{last}")) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(last.replace('_', " ")),
    }
}

fn find(locale: Locale, key: &str) -> Option<&'static str> {
    table(locale)
        .get(key)
        .or_else(|| table(Locale::En).get(key))
        .map(String::as_str)
}

/// A piece of a template.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// Cuts a template at its placeholders: `{` lower-case letters and underscores `}`; any other brace is text.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((name, tail)) if is_name(name) => {
                out.push(Piece::Text(text));
                out.push(Piece::Name(name));
                rest = tail;
            }
            _ => {
                out.push(Piece::Text(text));
                out.push(Piece::Text("{"));
                rest = after;
            }
        }
    }
    out.push(Piece::Text(rest));
    out
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Lists the placeholders of a template, sorted.
#[cfg(test)]
pub(crate) fn placeholders(template: &str) -> std::collections::BTreeSet<&str> {
    let name = |piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Text(_) => None,
    };
    pieces(template).into_iter().filter_map(name).collect()
}

/// Puts the values in. One pass: a value that looks like a placeholder stays as it is.
fn fill(template: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Name(name) => {
                let value = args.iter().find(|(arg, _)| *arg == name).map(|(_, value)| *value);
                out.push_str(value.unwrap_or("…"));
            }
        }
    }
    out
}

fn capital(text: String) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn t_knows_the_texts_that_clients_depend_on() {
        for (locale, key, text) in [
            (Locale::En, "error.login_failed", "Login failed"),
            (Locale::Es, "error.login_failed", "Error al iniciar sesión"),
            (Locale::Ja, "error.login_failed", "ログインに失敗しました"),
            (
                Locale::En,
                "violation.current_password",
                "Current password does not match",
            ),
            (Locale::En, "violation.verification_failed", "Verification failed"),
        ] {
            assert_eq!(t(locale, key, &[]), text);
        }
    }

    #[test]
    fn violation_names_the_field_and_fills_the_values() {
        for (locale, field, key, args, text) in [
            (Locale::En, "email", "required", &[][..], "Email is required"),
            (
                Locale::Es,
                "email",
                "required",
                &[],
                "El campo correo electrónico es obligatorio",
            ),
            (Locale::Ja, "email", "required", &[], "メールアドレスは必須です"),
            (
                Locale::En,
                "first_name",
                "too_long",
                &[("max", "50")],
                "First name must have at most 50 characters",
            ),
            (
                Locale::En,
                "spare_minutes",
                "out_of_range",
                &[("min", "1"), ("max", "9")],
                "Spare minutes must be between 1 and 9",
            ),
            (
                Locale::En,
                "",
                "invalid_characters",
                &[],
                "The request contains characters that are not allowed",
            ),
            (Locale::En, "user.email", "taken", &[], "Email is already in use"),
            (
                Locale::En,
                "redirect_uris[3]",
                "required",
                &[],
                "Redirect addresses is required",
            ),
            (Locale::En, "name", "no_such_key", &[], "Name is not valid"),
        ] {
            assert_eq!(violation(locale, field, key, args), text);
        }
    }

    #[test]
    fn t_falls_back_to_a_general_text_and_shows_missing_values() {
        assert_eq!(t(Locale::En, "error.no_such", &[]), "The request failed");
        assert_eq!(t(Locale::Es, "", &[]), "La solicitud ha fallado");
        assert_eq!(
            t(Locale::En, "violation.too_long", &[]),
            "… must have at most … characters"
        );
    }

    #[test]
    fn fill_takes_values_as_they_are() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "{a}")]), "{b} {a}");
        assert_eq!(fill("{A} {} { {a", &[("a", "x")]), "{A} {} { {a");
    }

    proptest! {
        #[test]
        fn t_never_panics(key in ".{0,40}", name in ".{0,8}", value in ".{0,20}") {
            for locale in Locale::ALL {
                prop_assert!(!t(*locale, &key, &[(&name, &value)]).is_empty());
                prop_assert!(!violation(*locale, &name, &key, &[(&name, &value)]).is_empty());
            }
        }

        #[test]
        fn fill_keeps_a_template_without_placeholders(text in "[^{]{0,40}") {
            prop_assert_eq!(fill(&text, &[]), text);
        }

        #[test]
        fn pieces_lose_nothing(text in "[a{}_ é]{0,30}") {
            let joined: String = pieces(&text).into_iter().map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Name(name) => format!("{{{name}}}"),
            }).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
