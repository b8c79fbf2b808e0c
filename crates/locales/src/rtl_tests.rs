//! Arabic and Hebrew: a Latin value in the middle keeps its own order, and nothing of this reaches other languages.

use crate::{Locale, keys, t, violation};

const LRI: char = '\u{2066}';
const FSI: char = '\u{2068}';
const PDI: char = '\u{2069}';

const ARGS: [(&str, &str); 7] = [
    ("allowed", "id, name"),
    ("min", "3"),
    ("max", "50"),
    ("type", "webhook"),
    ("different", "5"),
    ("kinds", "2"),
    ("seconds", "7"),
];

/// Every message of a language, as it may be sent.
fn all(locale: Locale) -> impl Iterator<Item = (&'static str, String)> {
    keys(locale).map(move |key| {
        let text = match key.strip_prefix("violation.") {
            Some(key) => violation(locale, "no_such_field/", key, &ARGS),
            None => t(locale, key, &ARGS),
        };
        (key, text)
    })
}

/// What stands outside all isolating marks; they must be balanced.
fn outside(text: &str) -> String {
    let (mut depth, mut rest) = (0_u32, String::new());
    for c in text.chars() {
        match c {
            LRI | FSI => depth += 1,
            PDI => depth = depth.checked_sub(1).expect("an end without a beginning"),
            c if depth == 0 => rest.push(c),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{text}");
    rest
}

fn is_rtl_letter(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}')
}

#[test]
fn only_languages_from_right_to_left_have_marks() {
    for locale in Locale::ALL.iter().filter(|locale| !locale.is_rtl()) {
        for (key, text) in all(*locale) {
            assert!(!text.contains([LRI, FSI, PDI]), "{locale} {key}: {text:?}");
        }
    }
}

#[test]
fn values_and_addresses_keep_their_own_order() {
    for locale in [Locale::Ar, Locale::He] {
        for (key, text) in all(locale) {
            let rest = outside(&text);
            // Signs that would wander to the other side: only in what came in, in addresses and in lists of signs.
            assert!(!rest.contains(['/', '*', '_']), "{locale} {key}: {rest}");
            assert!(!rest.contains("no such field"), "{locale} {key}: {rest}");
        }
    }
}

/// A page that asks the first strong letter (`dir="auto"`) sets the whole sentence from right to left.
#[test]
fn sentences_begin_from_right_to_left() {
    for locale in [Locale::Ar, Locale::He] {
        for (key, text) in all(locale).filter(|(key, _)| !key.starts_with("field.")) {
            let first = outside(&text).chars().find(|c| c.is_alphabetic());
            assert!(first.is_some_and(is_rtl_letter), "{locale} {key}: {text}");
        }
    }
}

#[test]
fn a_latin_value_stands_between_marks() {
    for (locale, text) in [
        (
            Locale::Ar,
            "لا يمكن الترتيب وفق ذلك؛ الخيارات المتاحة: \u{2068}id, name\u{2069}",
        ),
        (
            Locale::He,
            "לא ניתן למיין לפי פריט זה; האפשרויות: \u{2068}id, name\u{2069}",
        ),
        (Locale::En, "Cannot sort by this; choose from: id, name"),
    ] {
        assert_eq!(violation(locale, "sort", "sort_unknown", &ARGS), text);
    }
    let address = violation(Locale::He, "token_url", "web_address_format", &[]);
    assert!(
        address.ends_with("\u{2066}https://www.example.com/\u{2069}"),
        "{address:?}"
    );
}
