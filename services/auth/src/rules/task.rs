//! What a change in Auth makes other services do. The task is written in the transaction of the change and carried out right after
//! it; one that a crash or an outage left over is carried out by whichever process finds it. So the next call sees the change in all
//! services, and nothing is lost.
//!
//! To add a kind: name it in [`Work`], carry it out in `carry_out.rs`. Doing it twice must do no harm.

use gantry_db::StoreError;
use gantry_kernel::{IdSource, base62};
use serde::{Deserialize, Serialize};

use super::cause::Cause;
use crate::store::TaskRow;

/// After this long others take a task to be left over, in milliseconds.
const OWN_MS: i64 = 5_000;
/// How long a task rests after it was taken up and not finished, in milliseconds.
pub(crate) const REST_MS: i64 = 10_000;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub(crate) enum Work {
    /// Session ends live sessions.
    EndSessions {
        realm_id: String,
        /// Of this user; of the whole realm when absent.
        user_id: Option<String>,
        /// But this one, by its key's public part.
        keep: Option<String>,
        /// Only those that were open when it was decided, so that a late second try ends none that came after.
        opened_by_ms: Option<i64>,
    },
    /// Every service removes what a realm had.
    WipeRealm {
        realm_id: String,
        /// Up to the id of these digits; what sorts behind all of them is everything.
        up_to: String,
        /// The realm itself too, with what configures it.
        whole: bool,
    },
    /// Whoever goes by a name, if anybody, gets a token to set a new password.
    ResetPassword { realm_id: String, who: String },
    /// Whoever goes by a name, if anybody, gets a mail that signs in.
    SignInByMail {
        realm_id: String,
        who: String,
        /// What the browser that asked holds, sealed; none where there are no codes.
        handle: Option<String>,
    },
    /// An address is invited, of one's own accord.
    Invite {
        realm_id: String,
        /// `preverify` or `request`.
        invitation_type: String,
        email: String,
        locale: String,
    },
}

impl Work {
    /// Ends the sessions of a user that are open now, but one.
    pub(crate) fn end_sessions(realm: &str, user: &str, keep: Option<String>, now: i64) -> Self {
        Self::EndSessions {
            realm_id: realm.to_owned(),
            user_id: Some(user.to_owned()),
            keep,
            opened_by_ms: Some(now),
        }
    }
}

/// What is to be done, and on whose behalf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Task {
    #[serde(flatten)]
    pub(crate) work: Work,
    pub(crate) cause: Cause,
}

impl Task {
    /// The row to write with the change.
    pub(crate) fn row(&self, ids: &IdSource, now: i64) -> Result<TaskRow, StoreError> {
        let id = format!("task_{}", base62::encode(ids.next()));
        let body = serde_json::to_string(self).map_err(|_never| inconsistent(&id))?;
        Ok(TaskRow {
            id,
            body,
            created_at: now,
            due_at: now.saturating_add(OWN_MS),
        })
    }

    /// The row of a task that nobody waits for: whoever asked is told the same whatever comes of it, at the same time (T-07, T-08).
    pub(crate) fn later(&self, ids: &IdSource, now: i64) -> Result<TaskRow, StoreError> {
        Ok(TaskRow {
            due_at: now,
            ..self.row(ids, now)?
        })
    }

    /// Reads a row.
    pub(crate) fn of(row: &TaskRow) -> Result<Self, StoreError> {
        serde_json::from_str(&row.body).map_err(|_unreadable| inconsistent(&row.id))
    }
}

fn inconsistent(id: &str) -> StoreError {
    StoreError::Inconsistent {
        table: "auth_tasks",
        column: "body",
        row: id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gantry_kernel::{ManualClock, SeededRng};

    use super::*;

    #[test]
    fn a_task_survives_the_table() {
        let ids = IdSource::new(Arc::new(ManualClock::new(7)), Arc::new(SeededRng::new(1)));
        let task = Task {
            work: Work::EndSessions {
                realm_id: "rl_1".to_owned(),
                user_id: None,
                keep: Some("kss_1".to_owned()),
                opened_by_ms: Some(7),
            },
            cause: Cause {
                ip: Some("::1".to_owned()),
                ..Cause::default()
            },
        };
        let row = task.row(&ids, 7).unwrap();
        assert_eq!((row.created_at, row.due_at), (7, 7 + OWN_MS));
        assert_eq!(Task::of(&row).unwrap(), task);
        let broken = TaskRow {
            body: "{}".to_owned(),
            ..row
        };
        assert!(matches!(Task::of(&broken), Err(StoreError::Inconsistent { .. })));
    }
}
