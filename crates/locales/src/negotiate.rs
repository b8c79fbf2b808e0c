//! Choosing a language by `Accept-Language` (RFC 9110 12.5.4, RFC 4647 lookup).

use crate::Locale;

/// The longest header that is looked at; a browser's takes some fifty bytes.
const MAX_BYTES: usize = 1024;
/// The most ranges that are looked at; a person reads fewer languages.
const MAX_RANGES: usize = 64;

/// One element of the header: a language range, its weight in thousandths, and the language that it finds.
struct Range<'a> {
    tag: &'a str,
    weight: u16,
    finds: Option<Locale>,
}

impl Range<'_> {
    /// Whether it speaks of the whole language: `zh` and `zh-Hant` do of zh-Hant, `zh-TW` only of a part.
    fn covers(&self, locale: Locale) -> bool {
        let tag = locale.as_str();
        let beginning = tag.get(..self.tag.len());
        let ends = tag
            .get(self.tag.len()..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let begins = ends && beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(self.tag));
        begins || (self.finds == Some(locale) && !self.tag.contains('-'))
    }
}

/// Chooses the language that the caller likes best among those available. Ranges are tried by weight, equal weights
/// in their order; each finds a language by another name or by its beginnings (`zh-TW` finds `zh-Hant`, `es-MX` finds
/// `es`); `*` finds the first that no other range names, the default before others; what has weight 0 is never chosen.
/// The default answers a header that is missing, malformed or overlong, and one that finds nothing.
pub fn negotiate(accept_language: Option<&str>, available: &[Locale], default: Locale) -> Locale {
    let Some(mut ranges) = accept_language.and_then(parse) else {
        return default;
    };
    // Stable: among equal weights the caller's order stands.
    ranges.sort_by_key(|range| std::cmp::Reverse(range.weight));
    // What is said of zh-Hant counts more than what is said of zh.
    let refused = |locale: Locale| {
        let said = ranges.iter().filter(|range| range.covers(locale));
        said.max_by_key(|range| range.tag.len())
            .is_some_and(|range| range.weight == 0)
    };
    let named = |locale: Locale| ranges.iter().any(|range| range.finds == Some(locale));
    let default_first = || {
        let others = available.iter().copied().filter(move |locale| *locale != default);
        std::iter::once(default).chain(others)
    };
    let wanted = ranges.iter().filter(|range| range.weight > 0);
    for range in wanted {
        let found = if range.tag == "*" {
            default_first().find(|locale| !named(*locale))
        } else {
            range
                .finds
                .filter(|locale| available.contains(locale) && !refused(*locale))
        };
        if let Some(locale) = found {
            return locale;
        }
    }
    default_first().find(|locale| !refused(*locale)).unwrap_or(default)
}

/// Reads the whole header; `None` when any part of it is malformed.
fn parse(header: &str) -> Option<Vec<Range<'_>>> {
    if header.len() > MAX_BYTES {
        return None;
    }
    let elements = header.split(',').map(str::trim).filter(|element| !element.is_empty());
    let ranges: Vec<_> = elements.take(MAX_RANGES + 1).map(range).collect::<Option<_>>()?;
    (ranges.len() <= MAX_RANGES).then_some(ranges)
}

fn range(element: &str) -> Option<Range<'_>> {
    let (tag, weight) = match element.split_once(';') {
        None => (element, 1000),
        Some((tag, parameter)) => {
            let (name, value) = parameter.trim().split_once('=')?;
            let named = name.trim_end().eq_ignore_ascii_case("q");
            (tag.trim_end(), named.then(|| weight(value.trim_start())).flatten()?)
        }
    };
    is_range(tag).then(|| Range {
        tag,
        weight,
        finds: Locale::parse(tag),
    })
}

/// Reads a weight from 0 to 1 with up to three decimals, in thousandths.
fn weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// Tells whether a text is a language range: `*`, or subtags of 1 to 8 letters (digits too, but in the first).
fn is_range(tag: &str) -> bool {
    let subtag = |(index, part): (usize, &str)| {
        let good = |byte: u8| byte.is_ascii_alphabetic() || (index > 0 && byte.is_ascii_digit());
        (1..=8).contains(&part.len()) && part.bytes().all(good)
    };
    tag == "*" || tag.split('-').enumerate().all(subtag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn among_all(header: &str) -> &'static str {
        negotiate(Some(header), Locale::ALL, Locale::En).as_str()
    }

    #[test]
    fn negotiate_finds_the_language_liked_best() {
        for (header, found) in [
            ("es", "es"),
            ("ES-mx", "es"),
            ("es-MX, en;q=0.5", "es"),
            ("ja-Jpan-JP-u-ca-japanese", "ja"),
            ("fi, ja;q=0.3, es;q=0.7", "es"),
            ("en;q=0.2, ja;q=0.9", "ja"),
            ("es;q=0.5, ja;q=0.5", "es"),
            ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
            ("zh-CN,zh;q=0.9", "zh-Hans"),
            ("zh-HK", "zh-Hant"),
            ("zh-SG", "zh-Hans"),
            ("zh", "zh-Hans"),
            ("zh-Hant-TW", "zh-Hant"),
            ("pt-PT, en;q=0.9", "pt-BR"),
            ("PT", "pt-BR"),
            ("iw, en;q=0.5", "he"),
            ("ar-EG", "ar"),
            ("de-CH, fr-CH;q=0.9", "de"),
            ("nb-NO, pl;q=0.2", "pl"),
            ("es ; q=0.5 ,\tja ; Q=0.501", "ja"),
            ("es;q=1.000, ja;q=1", "es"),
            ("fi, sv", "en"),
            ("*", "en"),
            ("ja, *;q=0.1", "ja"),
            ("fi, *", "en"),
            ("", "en"),
            (",,es,", "es"),
        ] {
            assert_eq!(among_all(header), found, "{header}");
        }
    }

    #[test]
    fn negotiate_never_chooses_what_is_refused() {
        for (header, found) in [
            ("es;q=0, ja;q=0.1", "ja"),
            ("es;q=0", "en"),
            ("en;q=0", "es"),
            ("en;q=0, *", "es"),
            ("en;q=0, es;q=0.0, *", "ja"),
            ("en;q=0, es;q=0, ja;q=0", "de"),
            ("zh;q=0, zh-TW", "en"),
            ("zh;q=0, zh-Hant;q=0.5", "zh-Hant"),
            ("zh, zh-Hans;q=0", "en"),
            ("zh-TW;q=0, zh-Hant", "zh-Hant"),
            ("iw;q=0, he", "en"),
            ("pt;q=0, pt-PT, it;q=0.1", "it"),
            ("es-MX;q=0, es", "es"),
            ("es-MX, es;q=0", "en"),
            ("*;q=0, es", "es"),
            ("*;q=0", "en"),
        ] {
            assert_eq!(among_all(header), found, "{header}");
        }
    }

    #[test]
    fn negotiate_answers_malformed_headers_with_the_default() {
        let long = format!("es,{}", "fi,".repeat(MAX_BYTES));
        for header in [
            "es;q",
            "es;q=",
            "es;q=2",
            "es;q=-1",
            "es;q=0.1234",
            "es;q=1.5",
            "es;q=.5",
            "es;level=1",
            "es_MX",
            "e s",
            "es-",
            "-es",
            "es;q=0.5;q=1",
            "1es",
            "española",
            "es, \u{0}",
            "abcdefghi",
            &"es,".repeat(MAX_RANGES + 1),
            &long,
        ] {
            assert_eq!(negotiate(Some(header), Locale::ALL, Locale::Ja), Locale::Ja, "{header}");
        }
        assert_eq!(negotiate(None, Locale::ALL, Locale::Es), Locale::Es);
    }

    #[test]
    fn negotiate_keeps_to_what_is_available() {
        let two = [Locale::Es, Locale::En];
        assert_eq!(negotiate(Some("ja, es;q=0.5"), &two, Locale::En), Locale::Es);
        assert_eq!(negotiate(Some("ja"), &two, Locale::Es), Locale::Es);
        assert_eq!(negotiate(Some("*"), &two, Locale::En), Locale::En);
        assert_eq!(negotiate(Some("en;q=0, es;q=0"), &two, Locale::En), Locale::En);
        assert_eq!(negotiate(Some("zh-TW"), &[Locale::ZhHans], Locale::En), Locale::En);
        assert_eq!(negotiate(Some("ja"), &[], Locale::Es), Locale::Es);
    }

    proptest! {
        #[test]
        fn negotiate_never_panics_and_keeps_to_what_is_available(header in "[a-z*;=,. 0-9q\\-é]{0,60}") {
            let two = [Locale::Es, Locale::Ja];
            prop_assert!(two.contains(&negotiate(Some(&header), &two, Locale::Ja)));
        }
    }
}
