//! Bounds what happens to an account: wrong passwords, and mails that strangers have sent to it.
//!
//! An attempt is counted before anything is computed, so that two hundred guesses at once are no more than ten (T-11), and given back
//! when it was right.

use gantry_kernel::{Problem, RealmId, Reason, normalize_identity};
use gantry_limits::{Decision, Limit, Limiter};
use sha2::{Digest, Sha256};

/// Counts by account.
#[derive(Clone)]
pub(crate) struct Throttle {
    limiter: Limiter,
    passwords: Option<Limit>,
    mails: Option<Limit>,
}

/// An attempt that was counted.
#[must_use]
pub(crate) struct Attempt {
    key: String,
    decision: Option<Decision>,
}

impl Throttle {
    /// Without a limit nothing is bounded.
    pub(crate) fn new(limiter: Limiter, passwords: Option<Limit>, mails: Option<Limit>) -> Self {
        Self {
            limiter,
            passwords,
            mails,
        }
    }

    /// Counts an attempt on an account: a user's id, or for unknown users whatever was typed, in the same normal form that
    /// lookup uses, so that known and unknown names are told apart by nothing (T-08, T-10).
    pub(crate) async fn attempt(&self, realm: &RealmId, account: &str) -> Result<Attempt, Problem> {
        let key = key("password", realm, account);
        let Some(limit) = &self.passwords else {
            return Ok(Attempt { key, decision: None });
        };
        let decision = self.limiter.take(limit, &key).await;
        if !decision.allowed {
            return Err(Problem::new(Reason::TooManyAttempts).retry_after_ms(wait(&decision)));
        }
        Ok(Attempt {
            key,
            decision: Some(decision),
        })
    }

    /// Gives an attempt back: it was right.
    pub(crate) async fn right(&self, attempt: Attempt) {
        if let (Some(limit), Some(decision)) = (&self.passwords, attempt.decision) {
            self.limiter.refund(limit, &attempt.key, decision.stamp).await;
        }
    }

    /// Counts a mail to whoever goes by a name, in the form that lookup uses: nobody's mailbox is filled by strangers (T-38).
    ///
    /// # Errors
    /// With a violation of `email` when there were enough.
    pub(crate) async fn mail(&self, realm: &RealmId, who: &str) -> Result<(), Problem> {
        let Some(limit) = &self.mails else {
            return Ok(());
        };
        let decision = self
            .limiter
            .take(limit, &key("mail", realm, &normalize_identity(who)))
            .await;
        if decision.allowed {
            return Ok(());
        }
        Err(Problem::field("email", "too_many_mails").retry_after_ms(wait(&decision)))
    }
}

fn key(what: &str, realm: &RealmId, account: &str) -> String {
    let digest: String = Sha256::digest(account.as_bytes())
        .iter()
        .take(16)
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("{what}:account:{realm}:{digest}")
}

fn wait(decision: &Decision) -> i64 {
    i64::try_from(decision.reset_ms).unwrap_or(i64::MAX)
}
