//! What holds for the files of `locales/`: the same messages with the same values, none left in English.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};
use fluent_syntax::parser::parse;
use gantry_kernel::Reason;

use crate::texts::{Texts, source};
use crate::{Locale, keys, t};

/// What the grammar of a language may ask about the field; the others need not.
const GRAMMAR: [&str; 1] = ["field_number"];

/// The keys that rules use; a wall compares the code with this crate's `keys` as well.
const VIOLATIONS: &str = "required unknown_value too_long too_short not_an_email taken not_unique_membership \
    invalid_characters not_a_number out_of_range not_found password_too_short password_too_long \
    password_confirmation current_password permission_too_many permission_format reserved_permission \
    origin_format redirect_uri_format custom_format custom_too_large locale_unknown subdomain_format \
    domain_format account_not_member verification_failed not_json not_an_object unreadable_form \
    expand_unknown sort_unknown direction_unknown id_format org_closed needs_filter user_inactive \
    realm_inactive too_many_items in_the_past name_required unknown";

type Messages = BTreeMap<String, Message<&'static str>>;

/// Reads a file strictly: whatever is not Fluent, is no message or stands there twice is an error.
fn messages(locale: Locale) -> Messages {
    let resource = parse(source(locale)).unwrap_or_else(|(_, errors)| panic!("{locale}: {errors:?}"));
    let mut found = Messages::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name.replacen('-', ".", 1);
                assert!(
                    found.insert(key.clone(), message).is_none(),
                    "{locale}: {key} is there twice"
                );
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            other => panic!("{locale}: neither message nor comment: {other:?}"),
        }
    }
    found
}

/// What a pattern holds: its values, and its text.
#[derive(Default)]
struct Content {
    values: BTreeSet<&'static str>,
    text: String,
}

impl Content {
    fn of(message: &Message<&'static str>) -> Self {
        let mut content = Self::default();
        let pattern = message.value.as_ref();
        content.read(pattern.unwrap_or_else(|| panic!("{} has no text", message.id.name)));
        content
    }

    fn read(&mut self, pattern: &Pattern<&'static str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => self.placeable(expression),
            }
        }
    }

    fn placeable(&mut self, expression: &Expression<&'static str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    assert!(!variant.value.elements.is_empty());
                    self.read(&variant.value);
                }
            }
        }
    }

    /// Values and letters only: nothing that refers to something else, so that no message can break another.
    fn inline(&mut self, inline: &InlineExpression<&'static str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.values.insert(id.name);
            }
            InlineExpression::StringLiteral { value } => self.text.push_str(value),
            InlineExpression::FunctionReference { id, arguments } if id.name == "COUNT" => {
                arguments.positional.iter().for_each(|argument| self.inline(argument));
                assert!(arguments.named.is_empty());
            }
            other => panic!("neither a value nor a text: {other:?}"),
        }
    }
}

#[test]
fn every_file_is_a_language_that_is_spoken() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    let files = std::fs::read_dir(folder).unwrap();
    let names: BTreeSet<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted: BTreeSet<_> = Locale::ALL.iter().map(|locale| format!("{locale}.ftl")).collect();
    assert_eq!(names, wanted);
}

#[test]
fn every_file_has_messages_in_four_sections_only() {
    for locale in Locale::ALL {
        let messages = messages(*locale);
        let sections: BTreeSet<_> = messages.keys().filter_map(|key| key.split('.').next()).collect();
        assert_eq!(
            sections.into_iter().collect::<Vec<_>>(),
            ["error", "field", "mail", "violation"],
            "{locale}"
        );
        assert!(keys(*locale).eq(messages.keys().map(String::as_str)), "{locale}");
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
fn every_text_says_something_and_has_the_values_of_english() {
    let english = messages(Locale::En);
    for locale in Locale::ALL {
        for (key, message) in messages(*locale) {
            let here = Content::of(&message);
            let there = english.get(&key).map(Content::of).unwrap();
            let grammar = GRAMMAR.into_iter().collect();
            let values: BTreeSet<_> = here.values.difference(&grammar).copied().collect();
            let wanted: BTreeSet<_> = there.values.difference(&grammar).copied().collect();
            assert_eq!(values, wanted, "{locale} {key}");
            assert!(!here.text.trim().is_empty(), "{locale} {key}");
            assert!(
                !here.text.ends_with(['.', '。']),
                "{locale} {key} ends like a paragraph"
            );
        }
    }
}

#[test]
fn fields_say_no_more_than_their_number() {
    for locale in Locale::ALL {
        for (key, message) in messages(*locale) {
            let Content { values, .. } = Content::of(&message);
            if !key.starts_with("violation.") && !key.starts_with("mail.") {
                assert!(values.is_empty(), "{locale} {key} takes values");
            }
            for attribute in &message.attributes {
                let mut said = Content::default();
                said.read(&attribute.value);
                let known = attribute.id.name == "number" && said.text == "plural" && said.values.is_empty();
                assert!(
                    known && key.starts_with("field."),
                    "{locale} {key} .{}",
                    attribute.id.name
                );
            }
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
        let key = format!("violation.{name}");
        for locale in Locale::ALL {
            assert!(keys(*locale).any(|known| known == key), "{locale} {name}");
        }
    }
}

#[test]
fn translations_are_translated() {
    let english = messages(Locale::En);
    for locale in Locale::ALL.iter().filter(|locale| **locale != Locale::En) {
        for (key, message) in messages(*locale) {
            let same = english.get(&key).map(|english| &english.value) == Some(&message.value);
            assert!(!same || key.starts_with("field."), "{locale} {key}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_gives_the_texts_that_can() {
    let broken: &'static Texts = Box::leak(Box::new(Texts::read(Locale::En, "= broken\nerror-a = x\nerror-b\n")));
    let none = fluent_bundle::FluentArgs::new();
    assert_eq!(broken.write("error-a", &none).as_deref(), Some("x"));
    assert_eq!(broken.write("error-b", &none), None);
    assert_eq!(t(Locale::Es, "error.no_such", &[]), t(Locale::Es, "error.unknown", &[]));
}
