//! E-mail addresses and the one normal form of whatever identifies a user.

use unicode_normalization::UnicodeNormalization;

/// Brings an identifier (e-mail, username) to the form used for uniqueness, lookup and limits alike:
/// trimmed, NFKC, lower case. One function, so that no variant of a name gets a counter of its own (T-10, T-30).
pub fn normalize_identity(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// An e-mail address in normal form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The longest address (RFC 5321, 4.5.3.1.3), in bytes.
    pub const MAX: usize = 254;

    /// Reads an address; `None` when it cannot be one: no single `@`, empty or overlong parts, white space,
    /// control characters, or characters that would break a mail header (T-29).
    pub fn parse(text: &str) -> Option<Self> {
        let address = normalize_identity(text);
        let (local, domain) = address.rsplit_once('@')?;
        let label = |l: &str| {
            !l.is_empty()
                && l.len() <= 63
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.chars().all(|c| c == '-' || c.is_alphanumeric())
        };
        let good = address.len() <= Self::MAX
            && !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && !r#"@"(),:;<>[\]"#.contains(c))
            && domain.split('.').all(label);
        good.then_some(Self(address))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as an owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_takes_addresses_and_brings_them_to_one_form() {
        for (given, kept) in [
            ("Ana@Example.COM", "ana@example.com"),
            (" a+b@example.com ", "a+b@example.com"),
            ("root@localhost", "root@localhost"),
            ("ｊo@example.com", "jo@example.com"),
        ] {
            assert_eq!(
                Email::parse(given).map(Email::into_string).as_deref(),
                Some(kept),
                "{given}"
            );
        }
    }

    #[test]
    fn parse_refuses_what_is_no_address() {
        let long = format!("{}@example.com", "a".repeat(65));
        for given in [
            "",
            "a",
            "@b",
            "a@",
            "a@@b",
            "a b@c.d",
            "a@b..c",
            "a\r\nBcc: x@y.z",
            "a@-b.c",
            ".a@b.c",
            &long,
        ] {
            assert_eq!(Email::parse(given), None, "{given:?}");
        }
    }

    #[test]
    fn normalize_identity_is_idempotent() {
        for text in ["İstanbul", "ﬃ", "ＡＢＣ", " ẞ ", "ǅ"] {
            let once = normalize_identity(text);
            assert_eq!(normalize_identity(&once), once);
        }
    }
}
