//! The languages there are; everything else that lists or checks languages asks here.

/// A language in which messages exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// English, in which every message exists and to which everything falls back.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Japanese.
    Ja,
}

impl Locale {
    /// Every language, English first.
    pub const ALL: &'static [Locale] = &[Locale::En, Locale::Es, Locale::Ja];

    /// The language tag, as in `realm.default_locale` and `user.locale`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Ja => "ja",
        }
    }

    /// Lists the tags of all languages, as a violation tells them.
    pub fn tags() -> String {
        let tags: Vec<_> = Self::ALL.iter().map(|locale| locale.as_str()).collect();
        tags.join(", ")
    }

    /// Finds the language of exactly this tag, whatever the case: what a setting may hold.
    pub fn exact(tag: &str) -> Option<Self> {
        let same = |locale: &&Self| locale.as_str().eq_ignore_ascii_case(tag);
        Self::ALL.iter().find(same).copied()
    }

    /// Finds the language of a tag: exactly, or by its beginnings (`es-MX` is `es`), whatever the case.
    pub fn parse(tag: &str) -> Option<Self> {
        let mut rest = Some(tag);
        while let Some(range) = rest {
            if let Some(found) = Self::exact(range) {
                return Some(found);
            }
            rest = range.rsplit_once('-').map(|(head, _)| head);
        }
        None
    }
}

impl std::fmt::Display for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_finds_a_tag_in_any_case_and_nothing_near_it() {
        for locale in Locale::ALL {
            assert_eq!(Locale::exact(&locale.as_str().to_uppercase()), Some(*locale));
            assert!(Locale::tags().split(", ").any(|tag| tag == locale.as_str()));
        }
        for tag in ["", "es-MX", "e", "espa", " es"] {
            assert_eq!(Locale::exact(tag), None, "{tag}");
        }
    }

    #[test]
    fn parse_finds_languages_by_tag_and_by_its_beginnings() {
        for locale in Locale::ALL {
            assert_eq!(Locale::parse(locale.as_str()), Some(*locale));
        }
        for (tag, found) in [
            ("es-MX", Some(Locale::Es)),
            ("ES", Some(Locale::Es)),
            ("ja-Jpan-JP", Some(Locale::Ja)),
            ("de", None),
            ("", None),
            ("english", None),
            ("-en", None),
        ] {
            assert_eq!(Locale::parse(tag), found, "{tag}");
        }
    }
}
