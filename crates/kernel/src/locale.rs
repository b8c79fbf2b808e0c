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
    /// German.
    De,
    /// French.
    Fr,
    /// Portuguese, as in Brazil.
    PtBr,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Polish.
    Pl,
    /// Turkish.
    Tr,
    /// Korean.
    Ko,
    /// Chinese in simplified characters.
    ZhHans,
    /// Chinese in traditional characters, worded as in Taiwan.
    ZhHant,
    /// Arabic.
    Ar,
    /// Hebrew.
    He,
}

/// Tags that mean a language by another name. `pt` and `zh` alone, and what begins with them, mean the variety there is.
const ALIASES: [(&str, Locale); 8] = [
    ("pt", Locale::PtBr),
    ("zh", Locale::ZhHans),
    ("zh-TW", Locale::ZhHant),
    ("zh-HK", Locale::ZhHant),
    ("zh-MO", Locale::ZhHant),
    ("yue", Locale::ZhHant),
    ("cmn", Locale::ZhHans),
    ("iw", Locale::He),
];

impl Locale {
    /// Every language, English first.
    pub const ALL: &'static [Locale] = &[
        Locale::En,
        Locale::Es,
        Locale::Ja,
        Locale::De,
        Locale::Fr,
        Locale::PtBr,
        Locale::It,
        Locale::Nl,
        Locale::Pl,
        Locale::Tr,
        Locale::Ko,
        Locale::ZhHans,
        Locale::ZhHant,
        Locale::Ar,
        Locale::He,
    ];

    /// The language tag, as in `realm.default_locale` and `user.locale`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Ja => "ja",
            Self::De => "de",
            Self::Fr => "fr",
            Self::PtBr => "pt-BR",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Pl => "pl",
            Self::Tr => "tr",
            Self::Ko => "ko",
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::Ar => "ar",
            Self::He => "he",
        }
    }

    /// Whether it is written from right to left.
    pub const fn is_rtl(self) -> bool {
        matches!(self, Self::Ar | Self::He)
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

    /// Finds the language of a tag, whatever the case (RFC 4647 3.4): exactly, by another name (`zh-TW` is `zh-Hant`), or
    /// by its beginnings (`es-MX` is `es`).
    pub fn parse(tag: &str) -> Option<Self> {
        let mut rest = Some(tag);
        while let Some(range) = rest {
            if let Some(found) = Self::exact(range).or_else(|| alias(range)) {
                return Some(found);
            }
            rest = range.rsplit_once('-').map(|(head, _)| head);
        }
        None
    }
}

fn alias(tag: &str) -> Option<Locale> {
    let hit = ALIASES.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag));
    hit.map(|(_, locale)| *locale)
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
            ("de-AT", Some(Locale::De)),
            ("pt", Some(Locale::PtBr)),
            ("pt-PT", Some(Locale::PtBr)),
            ("PT-br", Some(Locale::PtBr)),
            ("zh", Some(Locale::ZhHans)),
            ("zh-CN", Some(Locale::ZhHans)),
            ("zh-SG", Some(Locale::ZhHans)),
            ("zh-Hans-TW", Some(Locale::ZhHans)),
            ("zh-TW", Some(Locale::ZhHant)),
            ("zh-hk", Some(Locale::ZhHant)),
            ("zh-MO", Some(Locale::ZhHant)),
            ("zh-Hant-CN", Some(Locale::ZhHant)),
            ("yue-HK", Some(Locale::ZhHant)),
            ("iw", Some(Locale::He)),
            ("iw-IL", Some(Locale::He)),
            ("ar-EG", Some(Locale::Ar)),
            ("fi", None),
            ("", None),
            ("english", None),
            ("-en", None),
        ] {
            assert_eq!(Locale::parse(tag), found, "{tag}");
        }
    }
}
