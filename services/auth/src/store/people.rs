//! The list of queries about changes of users, their tokens, and what other services are to be told of it.

use gantry_kernel::IdSource;
use gantry_outbox::NewEvent;

use super::{
    CredentialRow, MembershipPatch, MembershipRow, OrgPatch, OrgRow, Store, TaskRow, TokenRow, UserChange, UserRow, pg,
    sqlite,
};

gantry_db::store!(Store {
    /// Finds a token that lives at `now`, with its user.
    read tokens::find_token(realm: String, purpose: String, hash: String, now: i64) -> Option<(TokenRow, UserRow)>;
    /// Adds a token with its events; of a purpose a user has a few at the most, the oldest go.
    write tokens::add_token(token: TokenRow, holder: String, events: Vec<NewEvent>) -> ();
    /// The same, and notes down that the user's address is to be verified.
    write tokens::add_verification(token: TokenRow, holder: String, events: Vec<NewEvent>) -> ();
    /// Uses a token up, and marks the address that it was made for as verified.
    write tokens::verify_email(token: TokenRow, now: i64, holder: String, events: Vec<NewEvent>) -> UserRow;
    /// Uses a token up, and moves the user to the pending address that it was made for; all other tokens die.
    write tokens::move_email(token: TokenRow, now: i64, holder: String, events: Vec<NewEvent>) -> UserRow;
    /// Forgets at most `limit` tokens that expired before `now`; tells how many.
    write tokens::prune_tokens(now: i64, limit: i64) -> usize;

    /// Changes a user. A new address is unverified; with a new address, a new password or for whoever may not log in all tokens die.
    write user_changes::set_user(change: UserChange, holder: String, events: Vec<NewEvent>) -> Option<UserRow>;
    /// Uses a token up and sets the password; all other tokens die.
    write user_changes::reset_password(token: TokenRow, credential: CredentialRow, task: TaskRow, holder: String, events: Vec<NewEvent>) -> UserRow;
    /// Removes a user with all that hangs on them.
    write user_changes::remove_user(realm: String, id: String, task: TaskRow, holder: String, events: Vec<NewEvent>) -> Option<UserRow>;

    /// Changes an org that is not closed.
    write org_changes::set_org(realm: String, id: String, patch: OrgPatch, holder: String, events: Vec<NewEvent>) -> Option<OrgRow>;
    /// Closes an org; one that is closed already stays so, without an event.
    write org_changes::close_org(realm: String, id: String, now: i64, holder: String, event: NewEvent) -> Option<OrgRow>;
    /// Removes an org with all that hangs on it; the event is for one that was not closed yet.
    write org_changes::remove_org(realm: String, id: String, holder: String, event: NewEvent) -> Option<OrgRow>;

    /// Changes a membership that is not over.
    write membership_changes::set_membership(realm: String, id: String, patch: MembershipPatch, holder: String, events: Vec<NewEvent>) -> Option<MembershipRow>;
    /// Removes a membership; tells whether there was one.
    write membership_changes::remove_membership(realm: String, id: String, holder: String, events: Vec<NewEvent>) -> bool;
    /// Removes at most `limit` memberships that were over by `now`, each with its event; tells how many it found.
    write membership_changes::prune_memberships(now: i64, limit: i64, ids: IdSource, holder: String) -> usize;

    /// Notes down a task that goes with no change.
    write tasks::put_task(task: TaskRow) -> ();
    /// Lists tasks that were due at `now`.
    read tasks::list_due_tasks(now: i64, limit: i64) -> Vec<TaskRow>;
    /// Makes a task due later, unless somebody else did; tells whether it was this call.
    write tasks::take_up_task(task: TaskRow, until: i64) -> bool;
    /// Forgets a task that is done.
    write tasks::remove_task(id: String) -> ();
});
