//! Failures: what the caller may know, and what only the log may know, which is written down once.

use gantry_db::StoreError;
use gantry_kernel::{Problem, Reason};
use tonic::Status;

use crate::rules::Unusable;

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    problem: Problem,
    /// For the log alone.
    cause: Option<String>,
}

/// What a call comes to.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A row that contradicts itself: a human must look.
    pub(crate) fn inconsistent(table: &'static str, column: &'static str, row: &str) -> Self {
        let row = row.to_owned();
        StoreError::Inconsistent { table, column, row }.into()
    }

    /// A defect of ours.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            problem: Reason::Internal.into(),
            cause: Some(cause.to_string()),
        }
    }

    /// What another service answered; it has written its own cause down.
    pub(crate) fn told(status: &Status) -> Self {
        gantry_rpc::from_status(status).into()
    }

    /// Why, as far as the caller may know.
    pub(crate) fn reason(&self) -> Reason {
        self.problem.reason
    }

    /// Writes the cause down and keeps what the caller may know.
    pub(crate) fn report(self) -> Problem {
        if let Some(cause) = self.cause {
            tracing::error!(reason = self.problem.reason.key(), cause, "the call failed");
        }
        self.problem
    }

    /// The status that the caller gets.
    pub(crate) fn into_status(self) -> Status {
        gantry_rpc::to_status(&self.report())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { problem, cause: None }
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Problem::new(reason).into()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let problem = error.problem();
        let cause = problem.reason.is_ours().then(|| error.to_string());
        Self { problem, cause }
    }
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        Self::internal(unusable)
    }
}
