//! Bounds the wrong passwords of an account. The attempt is counted before anything is computed, so that two hundred guesses
//! at once are no more than ten (T-11), and given back when it was right.

use gantry_kernel::{Problem, RealmId, Reason};
use gantry_limits::{Decision, Limit, Limiter};
use sha2::{Digest, Sha256};

/// Counts attempts by account.
#[derive(Clone)]
pub(crate) struct Throttle {
    limiter: Limiter,
    limit: Option<Limit>,
}

/// An attempt that was counted.
#[must_use]
pub(crate) struct Attempt {
    key: String,
    decision: Option<Decision>,
}

impl Throttle {
    pub(crate) fn new(limiter: Limiter, limit: Option<Limit>) -> Self {
        Self { limiter, limit }
    }

    /// Counts an attempt on an account: a user's id, or for unknown users whatever was typed, in the same normal form that
    /// lookup uses, so that known and unknown names are told apart by nothing (T-08, T-10).
    pub(crate) async fn attempt(&self, realm: &RealmId, account: &str) -> Result<Attempt, Problem> {
        let digest: String = Sha256::digest(account.as_bytes())
            .iter()
            .take(16)
            .map(|b| format!("{b:02x}"))
            .collect();
        let key = format!("password:account:{realm}:{digest}");
        let Some(limit) = &self.limit else {
            return Ok(Attempt { key, decision: None });
        };
        let decision = self.limiter.take(limit, &key).await;
        if !decision.allowed {
            let wait = i64::try_from(decision.reset_ms).unwrap_or(i64::MAX);
            return Err(Problem::new(Reason::TooManyAttempts).retry_after_ms(wait));
        }
        Ok(Attempt {
            key,
            decision: Some(decision),
        })
    }

    /// Gives an attempt back: it was right.
    pub(crate) async fn right(&self, attempt: Attempt) {
        if let (Some(limit), Some(decision)) = (&self.limit, attempt.decision) {
            self.limiter.refund(limit, &attempt.key, decision.stamp).await;
        }
    }
}
