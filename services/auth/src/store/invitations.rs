//! The list of queries about invitations.

use gantry_kernel::{IdSource, Page};
use gantry_outbox::NewEvent;

use super::{InvitationFilter, InvitationPatch, InvitationRow, Joining, SignUp, Store, UserRow, pg, sqlite};

gantry_db::store!(Store {
    /// Finds an invitation of a realm that has not expired.
    read invitations::find_invitation(realm: String, id: String, now: i64) -> Option<InvitationRow>;
    /// Finds the invitation of a realm that a token opens.
    read invitations::find_invited(realm: String, token_hash: String, now: i64) -> Option<InvitationRow>;
    /// Lists a realm's invitations that have not expired.
    read invitations::list_invitations(realm: String, filter: InvitationFilter, now: i64, page: Page) -> Vec<InvitationRow>;
    /// Adds an invitation; what it refers to must be of the realm, and grant no more than whoever invites has.
    write invitations::add_invitation(invitation: InvitationRow, holder: String, events: Vec<NewEvent>) -> ();
    /// Changes an invitation that has not expired, under the same conditions.
    write invitations::set_invitation(realm: String, id: String, patch: InvitationPatch, holder: String, events: Vec<NewEvent>) -> Option<InvitationRow>;
    /// Removes an invitation that has not expired.
    write invitations::remove_invitation(realm: String, id: String, now: i64) -> Option<InvitationRow>;
    /// Removes at most `limit` invitations that expired by `now`, each with its event; tells how many.
    write invitations::prune_invitations(now: i64, limit: i64, ids: IdSource, holder: String) -> usize;
    /// Uses an invitation up, and gives the user what it grants.
    write accepting::accept_invitation(joining: Joining, ids: IdSource, holder: String, accepted: NewEvent) -> UserRow;
    /// Adds a user who signs up, with all that comes with them.
    write signing_up::sign_up(new: SignUp, ids: IdSource, holder: String) -> UserRow;
});
