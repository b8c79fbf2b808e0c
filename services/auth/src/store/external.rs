//! What a sign-in at an external provider asks of the database, and what it gets.

use gantry_outbox::NewEvent;

use super::rows::{CredentialRow, TaskRow, UserRow};
use crate::rules::cause::Cause;

/// A sign-in at an external provider that has ended well: whom it names, and what follows from it.
#[derive(Debug, Clone)]
pub(crate) struct ExternalLogin {
    /// The state to use up, and when it would have expired.
    pub(crate) state: Option<(String, i64)>,
    /// Whether the provider has checked the address.
    pub(crate) email_verified: bool,
    /// The user to make where there is none.
    pub(crate) user: UserRow,
    /// What ties a user to the provider's.
    pub(crate) credential: CredentialRow,
    pub(crate) cause: Cause,
    pub(crate) holder: String,
    /// The events of a user who is made.
    pub(crate) events: Vec<NewEvent>,
}

/// Whom a sign-in at an external provider belongs to.
#[derive(Debug)]
pub(crate) struct ExternalUser {
    pub(crate) user: UserRow,
    /// What Session has to do where the account was taken back from somebody who did not own its address.
    pub(crate) task: Option<TaskRow>,
}
