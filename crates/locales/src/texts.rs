//! The texts of `locales/`: part of the program, each language read when it is first spoken.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Pattern};
use unic_langid::LanguageIdentifier;

use crate::Locale;

/// What stands for a value that nobody gave: a person waits for the sentence.
const MISSING: &str = "…";

/// The texts of one language.
pub(crate) struct Texts {
    bundle: FluentBundle<FluentResource>,
    /// `section.name`, sorted.
    keys: Vec<String>,
}

/// Finds the texts of a language.
pub(crate) fn texts(locale: Locale) -> Option<&'static Texts> {
    static READ: [OnceLock<Texts>; Locale::ALL.len()] = [const { OnceLock::new() }; Locale::ALL.len()];
    let slot = Locale::ALL.iter().position(|known| *known == locale)?;
    Some(READ.get(slot)?.get_or_init(|| Texts::read(locale, source(locale))))
}

/// Lists every key of a language, sorted, for the tests that compare code with `locales/`.
pub fn keys(locale: Locale) -> impl Iterator<Item = &'static str> {
    let keys = texts(locale).map(|texts| texts.keys.as_slice()).unwrap_or_default();
    keys.iter().map(String::as_str)
}

/// The file of a language.
pub(crate) const fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../../locales/en.ftl"),
        Locale::Es => include_str!("../../../locales/es.ftl"),
        Locale::Ja => include_str!("../../../locales/ja.ftl"),
        Locale::De => include_str!("../../../locales/de.ftl"),
        Locale::Fr => include_str!("../../../locales/fr.ftl"),
        Locale::PtBr => include_str!("../../../locales/pt-BR.ftl"),
        Locale::It => include_str!("../../../locales/it.ftl"),
        Locale::Nl => include_str!("../../../locales/nl.ftl"),
        Locale::Pl => include_str!("../../../locales/pl.ftl"),
        Locale::Tr => include_str!("../../../locales/tr.ftl"),
        Locale::Ko => include_str!("../../../locales/ko.ftl"),
        Locale::ZhHans => include_str!("../../../locales/zh-Hans.ftl"),
        Locale::ZhHant => include_str!("../../../locales/zh-Hant.ftl"),
        Locale::Ar => include_str!("../../../locales/ar.ftl"),
        Locale::He => include_str!("../../../locales/he.ftl"),
    }
}

impl Texts {
    /// Reads a file. What cannot be read is left out, so that nothing panics in service; the tests read strictly.
    pub(crate) fn read(locale: Locale, source: &str) -> Self {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut keys: Vec<_> = resource.entries().filter_map(key).collect();
        keys.sort_unstable();
        let language: LanguageIdentifier = locale.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // A Latin value inside Arabic or Hebrew keeps its own order between isolating marks (FSI, PDI). Elsewhere they would
        // only come between a text and those who compare it.
        bundle.set_use_isolating(locale.is_rtl());
        // Only a second function of this name would fail.
        let _ = bundle.add_function("COUNT", |given, _| given.first().map_or(FluentValue::Error, count));
        // Of two entries of one name the first stands.
        let _ = bundle.add_resource(resource);
        Self { bundle, keys }
    }

    /// Writes a message. `None` when there is none of this name.
    pub(crate) fn write(&'static self, id: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(args), &mut errors);
        if errors.is_empty() {
            return Some(text.into_owned());
        }
        let mut all: FluentArgs<'_> = args.iter().map(|(name, value)| (name, value.clone())).collect();
        for name in errors.iter().filter_map(missing) {
            all.set(name, MISSING);
        }
        Some(
            self.bundle
                .format_pattern(pattern, Some(&all), &mut errors)
                .into_owned(),
        )
    }

    /// The text of a message that takes no values.
    pub(crate) fn plain(&'static self, id: &str) -> Option<std::borrow::Cow<'static, str>> {
        let pattern = self.bundle.get_message(id)?.value()?;
        Some(self.format(pattern))
    }

    /// An attribute of a message: what the grammar of others must know about it.
    pub(crate) fn attribute(&'static self, id: &str, name: &str) -> Option<std::borrow::Cow<'static, str>> {
        let attribute = self.bundle.get_message(id)?.get_attribute(name)?;
        Some(self.format(attribute.value()))
    }

    fn format(&'static self, pattern: &'static Pattern<&'static str>) -> std::borrow::Cow<'static, str> {
        self.bundle.format_pattern(pattern, None, &mut Vec::new())
    }
}

/// `violation-too_long` is the key `violation.too_long`: an identifier of Fluent has no dots.
fn key(entry: &Entry<&str>) -> Option<String> {
    match entry {
        Entry::Message(message) => Some(message.id.name.replacen('-', ".", 1)),
        _ => None,
    }
}

/// A number that is counted as this one is in Arabic, where 103 is counted as 3 is: the rules of `intl_pluralrules` (7.0) forget
/// the hundreds, so `COUNT($max)` in a text takes them away.
fn count<'a>(given: &FluentValue<'a>) -> FluentValue<'a> {
    match given {
        FluentValue::Number(number) if number.value >= 100.0 => {
            let rest = number.value % 100.0;
            FluentValue::from(if rest < 3.0 { 100.0 } else { rest })
        }
        same => same.clone(),
    }
}

/// The name of a value that was not given.
fn missing(error: &FluentError) -> Option<String> {
    match error {
        FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id })) => Some(id.clone()),
        _ => None,
    }
}
