//! Why a call failed, and its way to a status: logged once if it is ours, told by its reason alone.

use gantry_db::StoreError;
use gantry_kernel::{Problem, Reason};
use gantry_rpc::to_status;
use tonic::Status;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A rule said no.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The rows could not be had.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Problem(reason.into())
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let problem = match error {
            Error::Problem(problem) => problem,
            Error::Store(error) => {
                let problem = error.problem();
                if problem.reason.is_ours() {
                    tracing::error!(%error, reason = problem.reason.key(), "the store failed");
                }
                problem
            }
        };
        to_status(&problem)
    }
}
