//! What changes in users, orgs, memberships and invitations, and what a change takes along.

use diesel::prelude::*;
use gantry_db::JsonText;
use gantry_outbox::NewEvent;

use super::rows::{CredentialRow, InvitationRow, MembershipRow, OrgRow, TaskRow, TokenRow, UserRow};
use super::schema::*;

/// What changes in a user; `None` leaves a column alone.
#[derive(Debug, Clone, Default, PartialEq, AsChangeset)]
#[diesel(table_name = auth_users)]
pub(crate) struct UserPatch {
    pub(crate) state: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_pending: Option<Option<String>>,
    pub(crate) email_verification: Option<String>,
    pub(crate) first_name: Option<Option<String>>,
    pub(crate) last_name: Option<Option<String>>,
    pub(crate) username: Option<Option<String>>,
    pub(crate) username_key: Option<Option<String>>,
    pub(crate) locale: Option<Option<String>>,
    pub(crate) reference: Option<Option<String>>,
    pub(crate) custom: Option<JsonText>,
    pub(crate) updated_at: i64,
}

/// A change of a user with all that follows from it.
#[derive(Debug, Clone)]
pub(crate) struct UserChange {
    pub(crate) realm_id: String,
    pub(crate) id: String,
    pub(crate) patch: UserPatch,
    /// The new password.
    pub(crate) credential: Option<CredentialRow>,
    /// Tokens that were made for it.
    pub(crate) tokens: Vec<TokenRow>,
    /// What another service has to do then.
    pub(crate) task: Option<TaskRow>,
}

/// What changes in an org; `None` leaves a column alone.
#[derive(Debug, Clone, Default, PartialEq, AsChangeset)]
#[diesel(table_name = auth_orgs)]
pub(crate) struct OrgPatch {
    pub(crate) name: Option<String>,
    pub(crate) name_key: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) reference: Option<Option<String>>,
    pub(crate) custom: Option<JsonText>,
    pub(crate) updated_at: i64,
}

/// What changes in a membership; `None` leaves a column alone.
#[derive(Debug, Clone, Default, PartialEq, AsChangeset)]
#[diesel(table_name = auth_memberships)]
pub(crate) struct MembershipPatch {
    pub(crate) permissions: Option<JsonText>,
    pub(crate) expires_at: Option<Option<i64>>,
    pub(crate) updated_at: i64,
}

/// What changes in an invitation; `None` leaves a column alone.
#[derive(Debug, Clone, Default, PartialEq, AsChangeset)]
#[diesel(table_name = auth_invitations)]
pub(crate) struct InvitationPatch {
    pub(crate) email: Option<String>,
    pub(crate) permissions: Option<JsonText>,
    pub(crate) auth_provider_id: Option<Option<String>>,
    pub(crate) inviting_user_id: Option<Option<String>>,
    pub(crate) locale: Option<String>,
    pub(crate) token_hash: Option<String>,
    pub(crate) token_sealed: Option<String>,
    pub(crate) invited_at: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) updated_at: i64,
}

/// Which invitations a list is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct InvitationFilter {
    pub(crate) invitation_type: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) org_id: Option<String>,
    pub(crate) inviting_user_id: Option<String>,
}

/// A user who accepts an invitation, and what they may get by it.
#[derive(Debug, Clone)]
pub(crate) struct Joining {
    pub(crate) invitation: InvitationRow,
    pub(crate) user_id: String,
    /// The membership that the user gets where there is none.
    pub(crate) membership_id: String,
    pub(crate) now: i64,
}

/// An invitation that is accepted, with its event.
#[derive(Debug, Clone)]
pub(crate) struct Accepting {
    pub(crate) joining: Joining,
    pub(crate) event: NewEvent,
}

/// A user who signs up, with all that comes with them.
#[derive(Debug, Clone)]
pub(crate) struct SignUp {
    pub(crate) user: UserRow,
    pub(crate) credential: Option<CredentialRow>,
    /// The token by which they verify their address.
    pub(crate) token: Option<TokenRow>,
    /// The org that is theirs, and their place in it.
    pub(crate) own: Option<(OrgRow, MembershipRow)>,
    pub(crate) accepting: Option<Accepting>,
    pub(crate) events: Vec<NewEvent>,
}

impl SignUp {
    /// A user, with nothing yet.
    pub(crate) fn of(user: UserRow) -> Self {
        Self {
            user,
            credential: None,
            token: None,
            own: None,
            accepting: None,
            events: Vec::new(),
        }
    }
}
