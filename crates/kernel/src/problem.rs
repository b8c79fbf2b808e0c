//! A reason with what a caller may know about it: no free text, so nothing internal can leak.

use crate::Reason;

/// A field that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field's name on the wire; empty when it concerns the whole request.
    pub field: String,
    /// The message's key in locales/, behind `violation.`.
    pub key: String,
    /// Named values that the message mentions: limits, permitted words; never what the caller sent.
    pub args: Vec<(String, String)>,
}

impl Violation {
    /// A violation of a rule by a field.
    pub fn new(field: &str, key: &str) -> Self {
        Self {
            field: field.to_owned(),
            key: key.to_owned(),
            args: Vec::new(),
        }
    }

    /// Adds a named value for the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }
}

/// Why a call failed, as far as its caller may know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .reason.key())]
pub struct Problem {
    /// The reason.
    pub reason: Reason,
    /// Which fields break which rules; for [`Reason::Invalid`] at least one.
    pub violations: Vec<Violation>,
    /// When to try again, in milliseconds from now.
    pub retry_after_ms: Option<i64>,
    /// Where a browser may try again.
    pub retry_url: Option<String>,
    /// The language that its reader chose (`locale` of users), where the service knows whom it answers.
    pub locale: Option<String>,
}

impl Problem {
    /// A problem without details.
    pub fn new(reason: Reason) -> Self {
        Self {
            reason,
            violations: Vec::new(),
            retry_after_ms: None,
            retry_url: None,
            locale: None,
        }
    }

    /// Fields that break rules.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        Self {
            violations,
            ..Self::new(Reason::Invalid)
        }
    }

    /// One field that breaks one rule.
    pub fn field(field: &str, key: &str) -> Self {
        Self::invalid(vec![Violation::new(field, key)])
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after_ms(mut self, ms: i64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }

    /// Says where a browser may try again.
    #[must_use]
    pub fn retry_url(mut self, url: String) -> Self {
        self.retry_url = Some(url);
        self
    }

    /// Says which language its reader chose.
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Self {
        self.locale = Some(locale.to_owned());
        self
    }
}

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}
