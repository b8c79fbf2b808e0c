//! Why a call to Auth failed, and what its caller hears of it.

use gantry_db::StoreError;
use gantry_kernel::{Problem, Reason};
use tonic::Status;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Problem(#[from] Problem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("another service said: {}", .0.code())]
    Upstream(Status),
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Problem(reason.into())
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Upstream(status)
    }
}

impl From<Error> for Status {
    /// The cause is logged here, once; the caller hears the reason alone.
    fn from(error: Error) -> Self {
        let problem = match &error {
            Error::Problem(problem) => problem.clone(),
            Error::Store(store) => store.problem(),
            Error::Upstream(status) => gantry_rpc::from_status(status),
        };
        if problem.reason.is_ours() {
            tracing::error!(error = ?error, "a call to auth failed");
        }
        gantry_rpc::to_status(&problem)
    }
}

/// Turns a duplicate in a column into a violation of the field.
pub(crate) fn taken(column: &'static str, field: &'static str) -> impl Fn(StoreError) -> Error {
    move |error| {
        if error.is_duplicate(column) {
            Problem::field(field, "taken").into()
        } else {
            error.into()
        }
    }
}
