//! Finding a message and filling in its values.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

use crate::Locale;
use crate::texts::texts;

/// The largest number that is written as it came: beyond it a float would round.
const EXACT: i64 = 1 << 53;

/// Writes the message of a key (`error.login_failed`, `violation.too_long`) in a language, its values filled in and its
/// first letter made a capital. A value that is a whole number chooses the plural. A key that does not exist gets a
/// general text, a value that is missing an ellipsis: a person waits for this sentence.
pub fn t(locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
    let args = values(args);
    let text = write(locale, key, &args)
        .or_else(|| write(locale, "error.unknown", &args))
        .unwrap_or_else(|| "The request failed".to_owned());
    capital(locale, text)
}

/// Writes what a field did wrong: the message `violation.<key>`, `$field` being the field's display name and
/// `$field_number` its grammatical number.
pub fn violation(locale: Locale, field_name: &str, key: &str, args: &[(&str, &str)]) -> String {
    let mut args = values(args);
    args.set("field", field(locale, field_name));
    args.set("field_number", number(locale, field_name));
    let text = write(locale, &format!("violation.{key}"), &args)
        .or_else(|| write(locale, "violation.unknown", &args))
        .or_else(|| write(locale, "error.unknown", &args));
    capital(locale, text.unwrap_or_else(|| "The request failed".to_owned()))
}

/// Names a field as a person would: its entry among the fields, else that of its last part (`user.email`, `scopes[0]`),
/// else the wire name with spaces; the empty name is the request itself.
pub fn field(locale: Locale, name: &str) -> Cow<'static, str> {
    let last = last_part(name);
    let id = format!("field-{last}");
    let known = speakers(locale).find_map(|speaker| texts(speaker)?.plain(&id));
    known.unwrap_or_else(|| Cow::Owned(last.replace('_', " ")))
}

/// The grammatical number of a field's display name.
fn number(locale: Locale, name: &str) -> Cow<'static, str> {
    let id = format!("field-{}", last_part(name));
    let said = texts(locale).and_then(|texts| texts.attribute(&id, "number"));
    said.unwrap_or(Cow::Borrowed("singular"))
}

fn last_part(name: &str) -> &str {
    let stem = name.split('[').next().unwrap_or_default();
    let last = stem.rsplit('.').next().unwrap_or_default();
    if last.is_empty() { "request" } else { last }
}

fn write(locale: Locale, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let id = key.replacen('.', "-", 1);
    speakers(locale).find_map(|speaker| texts(speaker)?.write(&id, args))
}

/// Who has a say: the language itself, and English for what it lacks.
fn speakers(locale: Locale) -> impl Iterator<Item = Locale> {
    [locale, Locale::En].into_iter()
}

fn values<'a>(args: &[(&'a str, &'a str)]) -> FluentArgs<'a> {
    args.iter().map(|(name, text)| (*name, value(text))).collect()
}

/// A whole number in its usual spelling is a number; anything else stays as it is, letter by letter.
fn value(text: &str) -> FluentValue<'_> {
    match text.parse::<i64>() {
        Ok(number) if (-EXACT..=EXACT).contains(&number) && number.to_string() == text => number.into(),
        _ => text.into(),
    }
}

/// Makes the first letter a capital, as the language does it: a Turkish i keeps its dot.
fn capital(locale: Locale, text: String) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some('i') if locale == Locale::Tr => std::iter::once('İ').chain(chars).collect(),
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
                "Redirect addresses are required",
            ),
            (
                Locale::En,
                "redirect_uri",
                "required",
                &[],
                "Redirect address is required",
            ),
            (
                Locale::En,
                "name",
                "too_long",
                &[("max", "1")],
                "Name must have at most 1 character",
            ),
            (
                Locale::Es,
                "name",
                "too_long",
                &[("max", "1")],
                "El campo nombre debe tener como máximo 1 carácter",
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
    fn a_turkish_i_keeps_its_dot() {
        assert_eq!(capital(Locale::Tr, "istek".to_owned()), "İstek");
        assert_eq!(capital(Locale::En, "id".to_owned()), "Id");
        assert_eq!(capital(Locale::De, "ärger".to_owned()), "Ärger");
    }

    #[test]
    fn values_stay_as_they_are() {
        let allowed = |text: &str| violation(Locale::En, "sort", "unknown_value", &[("allowed", text)]);
        for text in [
            "{ $field }",
            "{field}",
            "007",
            "+1",
            "1.50",
            "-0",
            "inf",
            "NaN",
            "1e3",
            "\u{2068}",
            "9007199254740993",
        ] {
            assert_eq!(allowed(text), format!("Sort must be one of: {text}"));
        }
        for number in ["0", "1", "-5", "9007199254740992"] {
            assert_eq!(allowed(number), format!("Sort must be one of: {number}"));
        }
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
        fn values_come_out_unchanged(value in ".{0,40}") {
            let text = violation(Locale::En, "sort", "unknown_value", &[("allowed", &value)]);
            prop_assert_eq!(text, format!("Sort must be one of: {value}"));
        }

        #[test]
        fn any_number_finds_a_plural(number in any::<i64>()) {
            for locale in Locale::ALL {
                let text = t(*locale, "violation.permission_too_many", &[("max", &number.to_string())]);
                prop_assert!(!text.is_empty() && !text.contains(['{', '…']), "{}: {}", locale, text);
            }
        }
    }
}
