//! What a realm demands of passwords, wherever one is set (contract 3.8).

use gantry_kernel::{Secret, Violation};
use zxcvbn::{Score, zxcvbn};

use super::check::Checks;
use crate::store::ProviderRow;

/// The longest password, in bytes; a longer one is refused before anything is computed (T-31).
pub(crate) const PASSWORD_MAX: usize = 1024;
/// The shortest password where the realm does not say.
pub(crate) const MIN_LENGTH: i64 = 8;
/// How many characters of a password are estimated: the time grows with the square of them, and whatever has more is hard enough.
const ESTIMATED: usize = 72;
/// How hard a password may be asked to be.
pub(crate) const COMPLEXITIES: [&str; 3] = ["low", "medium", "high"];
/// The kinds of characters that a password may be asked to have.
pub(crate) const KINDS: [&str; 4] = ["lower", "upper", "digit", "symbol"];

/// A realm's demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PasswordRules {
    min_length: usize,
    complexity: String,
    required: Vec<String>,
    /// What whoever guesses would try first: names and addresses of the user.
    about: Vec<String>,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self {
            min_length: usize::try_from(MIN_LENGTH).unwrap_or(8),
            complexity: "low".to_owned(),
            required: Vec::new(),
            about: Vec::new(),
        }
    }
}

impl PasswordRules {
    /// The demands that a realm's password provider holds.
    pub(crate) fn of(provider: &ProviderRow) -> Self {
        let default = Self::default();
        let min_length = provider.min_length.and_then(|length| usize::try_from(length).ok());
        Self {
            min_length: min_length.unwrap_or(default.min_length),
            complexity: provider.min_complexity.clone().unwrap_or(default.complexity),
            required: provider.required_chars.to_strings(),
            about: Vec::new(),
        }
    }

    /// The same for somebody of whom something is known, which is then no password.
    pub(crate) fn knowing<'a>(mut self, words: impl IntoIterator<Item = &'a String>) -> Self {
        self.about.extend(words.into_iter().cloned());
        self
    }

    /// Checks a password, and its confirmation where one was sent.
    pub(crate) fn check(&self, checks: &mut Checks, password: &str, confirmation: Option<&Secret>) {
        if let Some(violation) = self.broken(password) {
            checks.add(violation);
        }
        if confirmation.is_some_and(|confirmation| !confirmation.matches(password)) {
            checks.fail("password_confirmation", "password_confirmation");
        }
    }

    /// The first demand that a password does not meet.
    fn broken(&self, password: &str) -> Option<Violation> {
        if password.len() > PASSWORD_MAX {
            return Some(Violation::new("password", "password_too_long").with("max", PASSWORD_MAX));
        }
        if password.chars().count() < self.min_length {
            return Some(Violation::new("password", "password_too_short").with("min", self.min_length));
        }
        let missing = |kind: &&String| !password.chars().any(|c| kind_of(c) == kind.as_str());
        if let Some(kind) = self.required.iter().find(missing) {
            return Some(needs(kind));
        }
        let (kinds, different, least) = match self.complexity.as_str() {
            "medium" => (2, 5, Score::Two),
            "high" => (3, 8, Score::Three),
            _ => (0, 0, Score::One),
        };
        if count(password.chars().map(kind_of)) < kinds || count(password.chars()) < different {
            let simple = Violation::new("password", "password_too_simple");
            return Some(simple.with("kinds", kinds).with("different", different));
        }
        (self.score(password) < least).then(|| Violation::new("password", "password_too_common"))
    }

    /// How hard a password is to guess, by the estimate of zxcvbn, which knows the ones that are used most.
    fn score(&self, password: &str) -> Score {
        let head: String = password.chars().take(ESTIMATED).collect();
        let about: Vec<&str> = self.about.iter().flat_map(|word| parts(word)).collect();
        zxcvbn(&head, &about).score()
    }
}

/// A word and its parts: an address is guessed by what stands before the `@` too.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    std::iter::once(word).chain(word.split(['@', '.', ' ', '-', '_', '+']).filter(|part| part.len() > 2))
}

/// What is said of a password that lacks a kind of characters.
fn needs(kind: &str) -> Violation {
    match kind {
        "lower" => Violation::new("password", "password_needs_lower"),
        "upper" => Violation::new("password", "password_needs_upper"),
        "digit" => Violation::new("password", "password_needs_digit"),
        _ => Violation::new("password", "password_needs_symbol"),
    }
}

/// How many different ones there are.
fn count<T: Ord>(items: impl Iterator<Item = T>) -> usize {
    items.collect::<std::collections::BTreeSet<_>>().len()
}

/// The kind of a character. Scripts without case have letters that are neither lower nor upper: a kind of their own, which nobody can
/// demand.
fn kind_of(c: char) -> &'static str {
    match c {
        c if c.is_lowercase() => "lower",
        c if c.is_uppercase() => "upper",
        c if c.is_numeric() => "digit",
        c if c.is_alphabetic() => "letter",
        _ => "symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(min_length: usize, complexity: &str, required: &[&str]) -> PasswordRules {
        PasswordRules {
            min_length,
            complexity: complexity.to_owned(),
            required: required.iter().map(ToString::to_string).collect(),
            about: Vec::new(),
        }
    }

    fn broken(rules: &PasswordRules, password: &str) -> String {
        rules.broken(password).map_or(String::new(), |violation| violation.key)
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        let rules = rules(12, "low", &[]);
        assert_eq!(broken(&rules, "eleven char"), "password_too_short");
        assert_eq!(broken(&rules, "ñandú corrió"), "");
        assert_eq!(broken(&rules, &"x".repeat(1025)), "password_too_long");
    }

    #[test]
    fn each_kind_that_is_demanded_must_be_there() {
        let all = rules(1, "low", &["lower", "upper", "digit", "symbol"]);
        for (password, key) in [
            ("A1!", "password_needs_lower"),
            ("a1!", "password_needs_upper"),
            ("aA!", "password_needs_digit"),
            ("aA1", "password_needs_symbol"),
            ("aA1!", ""),
            ("aA1 ", ""),
            // Letters without case are neither lower nor upper.
            ("日A1!", "password_needs_lower"),
        ] {
            assert_eq!(broken(&all, password), key, "{password}");
        }
    }

    #[test]
    fn complexity_asks_for_kinds_and_for_different_characters() {
        for (level, password, good) in [
            ("low", "aaaaaaaa", false),
            ("medium", "aaaaaaaa", false),
            ("medium", "aaaa1111", false),
            ("medium", "abcdefgh", false),
            ("medium", "abcd1234", false),
            ("medium", "kd83hsla", true),
            ("medium", "correct horse", true),
            ("high", "correct horse", false),
            ("high", "Correct staple 9", true),
            ("high", "Aa1!Aa1!Aa1!", false),
            ("high", "日本語パスワード 9x", true),
        ] {
            assert_eq!(
                broken(&rules(8, level, &[]), password).is_empty(),
                good,
                "{level} {password}"
            );
        }
    }

    #[test]
    fn what_anybody_would_try_first_is_refused() {
        let rules = rules(8, "low", &[]);
        for common in [
            "password",
            "12345678",
            "password1",
            "qwertyuiop",
            "iloveyou",
            "aaaaaaaa",
            "11111111",
        ] {
            assert_eq!(broken(&rules, common), "password_too_common", "{common}");
        }
        let knowing = rules
            .clone()
            .knowing(&["ana.ruiz@example.com".to_owned(), "Ana Ruiz".to_owned()]);
        for own in ["ana.ruiz@example.com", "Ana Ruiz"] {
            assert_eq!(broken(&knowing, own), "password_too_common", "{own}");
        }
        for good in ["correct horse battery", "another long password", "日本語パスワード"] {
            assert_eq!(broken(&knowing, good), "", "{good}");
        }
        // However long it is, it takes no longer than a part of it.
        let long: String = ('a'..='z').cycle().step_by(7).take(1024).collect();
        assert_eq!(broken(&rules, &long), "");
    }

    #[test]
    fn the_confirmation_counts_when_it_was_sent() {
        for (confirmation, good) in [(None, true), (Some("long enough"), true), (Some("other"), false)] {
            let mut checks = Checks::default();
            let confirmation = confirmation.map(Secret::new);
            PasswordRules::default().check(&mut checks, "long enough", confirmation.as_ref());
            assert_eq!(checks.done().is_ok(), good);
        }
    }
}
