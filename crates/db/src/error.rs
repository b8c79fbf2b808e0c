//! What can go wrong between a rule and its rows.

use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use gantry_kernel::{Problem, Reason};

/// Why a query failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, or no connection came free in time.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A unique column holds the value already.
    #[error("duplicate {table}.{column}")]
    Duplicate {
        /// The table.
        table: String,
        /// The last column of the broken index.
        column: String,
    },
    /// A row that is referred to is not there.
    #[error("a row that is referred to is missing: {0}")]
    Missing(String),
    /// Stored data contradicts itself: pages a human, is never a 404.
    #[error("inconsistent data in {table}.{column} of row {row}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        row: String,
    },
    /// A rule that a transaction checks said no; nothing was changed.
    #[error("refused: {0}")]
    Refused(Problem),
    /// Anything else that the database said.
    #[error(transparent)]
    Query(Arc<DieselError>),
}

impl From<Problem> for StoreError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                let (table, column) = unique(info.constraint_name(), info.message());
                Self::Duplicate { table, column }
            }
            DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, info) => {
                Self::Missing(info.constraint_name().unwrap_or_default().to_owned())
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                info,
            ) => Self::Unavailable(info.message().to_owned()),
            DieselError::BrokenTransactionManager => Self::Unavailable("the connection broke".to_owned()),
            // Sent by a server that stops or starts, or that gave up on a statement; one of two that wait for each other may come again.
            DieselError::DatabaseError(_, ref info) if is_outage(info.message()) => {
                Self::Unavailable(info.message().to_owned())
            }
            DieselError::DatabaseError(_, ref info) if is_nul(info.message()) => Problem::new(Reason::Malformed).into(),
            other => Self::Query(Arc::new(other)),
        }
    }
}

/// `PostgreSQL` keeps no text with a NUL in it, not even to compare. Over HTTP such texts are refused at the gate; over gRPC
/// they come this far, and are the caller's fault here too. The number stands in the message in every language.
fn is_nul(message: &str) -> bool {
    message.contains("UTF8") && message.ends_with(": 0x00")
}

fn is_outage(message: &str) -> bool {
    [
        "connection closed",
        "terminating connection",
        "the database system is",
        "statement timeout",
        "deadlock detected",
        "too many clients",
    ]
    .iter()
    .any(|part| message.contains(part))
        || message.contains("database is locked")
}

/// `PostgreSQL` names the index (`table__column__column`), SQLite the columns (`table.column, table.column`) or, for an index
/// over an expression, the index. Both come down to the table and the last column.
fn unique(constraint: Option<&str>, message: &str) -> (String, String) {
    let quoted = message.split('\'').nth(1);
    if let Some(index) = constraint.or(quoted) {
        let table = index.split("__").next().unwrap_or(index);
        let column = index.rsplit("__").next().unwrap_or_default();
        return (table.to_owned(), column.to_owned());
    }
    let last = message.rsplit([':', ',']).next().unwrap_or_default().trim();
    let (table, column) = last.split_once('.').unwrap_or((last, ""));
    (table.to_owned(), column.to_owned())
}

impl StoreError {
    /// Tells whether it is a duplicate in this column.
    pub fn is_duplicate(&self, in_column: &str) -> bool {
        matches!(self, Self::Duplicate { column, .. } if column == in_column)
    }

    /// What a caller may know of it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Refused(problem) => problem.clone(),
            Self::Unavailable(_) => Problem::new(Reason::Unavailable).retry_after_ms(1000),
            Self::Duplicate { .. } => Problem::new(Reason::Conflict),
            Self::Missing(_) => Problem::new(Reason::NotFound),
            Self::Inconsistent { .. } => Problem::new(Reason::Inconsistent),
            Self::Query(_) => Problem::new(Reason::Internal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_the_caller_s_fault_and_other_failures_are_ours() {
        let reason = |message: &str| {
            let info = Box::new(message.to_owned());
            let error = DieselError::DatabaseError(DatabaseErrorKind::Unknown, info);
            StoreError::from(error).problem().reason
        };
        for message in [
            "invalid byte sequence for encoding \"UTF8\": 0x00",
            "ung\u{fc}ltige Byte-Sequenz f\u{fc}r Kodierung \u{bb}UTF8\u{ab}: 0x00",
        ] {
            assert_eq!(reason(message), Reason::Malformed, "{message}");
        }
        assert_eq!(reason("relation \"auth_users\" does not exist"), Reason::Internal);
    }

    #[test]
    fn both_databases_name_a_broken_index_alike() {
        let postgres = unique(
            Some("auth_users__realm_id__email"),
            "duplicate key value violates unique constraint",
        );
        let sqlite = unique(None, "UNIQUE constraint failed: auth_users.realm_id, auth_users.email");
        let expression = unique(None, "UNIQUE constraint failed: index 'auth_users__realm_id__email'");
        assert_eq!(postgres, ("auth_users".to_owned(), "email".to_owned()));
        assert_eq!(sqlite, postgres);
        assert_eq!(expression, postgres);
    }
}
