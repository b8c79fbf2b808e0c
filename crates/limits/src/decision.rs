//! What the limiter answers.

use crate::limit::Rule;
use crate::ring::Verdict;

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// Redis, for all processes that share it.
    Redis,
    /// This process, which has no Redis configured.
    Memory,
    /// The limit's `on_outage`, because Redis is away.
    Fallback,
    /// This process, which remembers that Redis refused the key a moment ago.
    Remembered,
}

/// The answer to one take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may go on; if so it has been counted.
    pub allowed: bool,
    /// Times allowed within the window.
    pub limit: u32,
    /// Times still left at this moment.
    pub remaining: u32,
    /// Milliseconds until a slot becomes free: of a refusal, when to try again; otherwise until the oldest counted time leaves.
    pub reset_ms: u64,
    /// Length of the window in milliseconds.
    pub window_ms: u64,
    /// What [`Limiter::refund`](crate::Limiter::refund) takes to undo this; opaque, and nothing when refused.
    pub stamp: i64,
    /// Who decided.
    pub source: Source,
}

impl Decision {
    /// The stamp of a decision that counted nothing.
    pub(crate) const NO_STAMP: i64 = 0;

    pub(crate) fn allowed(rule: Rule, remaining: u32, reset: i64, stamp: i64, source: Source) -> Self {
        Self {
            allowed: true,
            limit: rule.max,
            remaining,
            reset_ms: millis(reset),
            window_ms: millis(rule.window),
            stamp,
            source,
        }
    }

    pub(crate) fn refused(rule: Rule, reset: i64, source: Source) -> Self {
        Self {
            allowed: false,
            limit: rule.max,
            remaining: 0,
            reset_ms: millis(reset),
            window_ms: millis(rule.window),
            stamp: Self::NO_STAMP,
            source,
        }
    }

    pub(crate) fn from_verdict(rule: Rule, verdict: Verdict, source: Source) -> Self {
        match verdict {
            Verdict::Allowed {
                remaining,
                reset,
                stamp,
            } => Self::allowed(rule, remaining, reset, stamp, source),
            Verdict::Refused { reset } => Self::refused(rule, reset, source),
        }
    }
}

fn millis(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}
