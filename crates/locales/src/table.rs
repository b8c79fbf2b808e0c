//! The texts of `locales/`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::Locale;

/// The texts of one language: `section.name` to template.
pub(crate) type Table = BTreeMap<String, String>;

static EN: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../../locales/en.toml")));
static ES: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../../locales/es.toml")));
static JA: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../../locales/ja.toml")));

/// Finds the texts of a language.
pub(crate) fn table(locale: Locale) -> &'static Table {
    match locale {
        Locale::En => &EN,
        Locale::Es => &ES,
        Locale::Ja => &JA,
    }
}

/// Lists every key of a language, sorted, for the tests that compare code with `locales/`.
pub fn keys(locale: Locale) -> impl Iterator<Item = &'static str> {
    table(locale).keys().map(String::as_str)
}

/// Reads a file of two levels. What cannot be read is left out, so that nothing panics in service; the tests read
/// strictly.
fn read(text: &str) -> Table {
    let Ok(sections) = text.parse::<toml::Table>() else {
        return Table::new();
    };
    let mut table = Table::new();
    for (section, entries) in sections {
        let toml::Value::Table(entries) = entries else { continue };
        for (name, entry) in entries {
            if let toml::Value::String(template) = entry {
                table.insert(format!("{section}.{name}"), template);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gantry_kernel::Reason;

    use super::*;
    use crate::message::placeholders;

    const FILES: [(Locale, &str); 3] = [
        (Locale::En, include_str!("../../../locales/en.toml")),
        (Locale::Es, include_str!("../../../locales/es.toml")),
        (Locale::Ja, include_str!("../../../locales/ja.toml")),
    ];

    /// The keys that rules use; a wall compares the code with this crate's `keys` as well.
    const VIOLATIONS: &str = "required unknown_value too_long too_short not_an_email taken not_unique_membership \
        invalid_characters not_a_number out_of_range not_found password_too_short password_too_long \
        password_confirmation current_password permission_too_many permission_format reserved_permission \
        origin_format redirect_uri_format custom_format custom_too_large locale_unknown subdomain_format \
        domain_format account_not_member verification_failed not_json not_an_object unreadable_form \
        expand_unknown sort_unknown direction_unknown id_format org_closed needs_filter user_inactive \
        realm_inactive too_many_items in_the_past name_required unknown";

    #[test]
    fn every_file_is_toml_of_two_levels_with_texts_only() {
        assert_eq!(FILES.len(), Locale::ALL.len());
        for (locale, text) in FILES {
            let sections: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text).unwrap();
            let names: Vec<_> = sections.keys().map(String::as_str).collect();
            assert_eq!(names, ["error", "field", "violation"], "{locale}");
            let entries: usize = sections.values().map(BTreeMap::len).sum();
            assert_eq!(keys(locale).count(), entries, "{locale}");
        }
    }

    #[test]
    fn every_key_is_in_every_file_and_no_file_has_more() {
        let english: BTreeSet<_> = keys(Locale::En).collect();
        for locale in Locale::ALL {
            let here: BTreeSet<_> = keys(*locale).collect();
            let missing: Vec<_> = english.difference(&here).collect();
            let extra: Vec<_> = here.difference(&english).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{locale}: missing {missing:?}, extra {extra:?}"
            );
        }
    }

    #[test]
    fn every_text_says_something_and_has_the_placeholders_of_english() {
        for locale in Locale::ALL {
            for (key, template) in table(*locale) {
                assert!(!template.trim().is_empty(), "{locale} {key}");
                assert_eq!(template.trim(), template, "{locale} {key}");
                assert!(!template.ends_with(['.', '。']), "{locale} {key} ends like a paragraph");
                let english = table(Locale::En).get(key).unwrap();
                assert_eq!(placeholders(template), placeholders(english), "{locale} {key}");
            }
        }
    }

    #[test]
    fn every_reason_has_a_text_in_every_language_and_every_error_text_has_a_reason() {
        let mut wanted: BTreeSet<_> = Reason::ALL
            .iter()
            .map(|reason| format!("error.{}", reason.key()))
            .collect();
        wanted.insert("error.unknown".to_owned());
        for locale in Locale::ALL {
            let here: BTreeSet<_> = keys(*locale)
                .filter(|key| key.starts_with("error."))
                .map(str::to_owned)
                .collect();
            assert_eq!(here, wanted, "{locale}");
        }
    }

    #[test]
    fn every_violation_that_rules_name_has_a_text() {
        for name in VIOLATIONS.split_whitespace() {
            for locale in Locale::ALL {
                assert!(
                    table(*locale).contains_key(&format!("violation.{name}")),
                    "{locale} {name}"
                );
            }
        }
    }

    #[test]
    fn error_texts_take_no_arguments() {
        for (key, template) in table(Locale::En) {
            if key.starts_with("error.") || key.starts_with("field.") {
                assert!(placeholders(template).is_empty(), "{key}");
            }
        }
    }

    #[test]
    fn translations_are_translated() {
        for locale in [Locale::Es, Locale::Ja] {
            for (key, template) in table(locale).iter().filter(|(key, _)| !key.starts_with("field.")) {
                assert_ne!(Some(template), table(Locale::En).get(key), "{locale} {key}");
            }
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_gives_no_texts() {
        assert!(read("= broken").is_empty());
        assert!(read("loose = 1\n[error]\nnumber = 2").is_empty());
    }
}
