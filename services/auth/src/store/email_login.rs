//! Mails that sign in: what a sign-in by one asks of the database, what it gets, and the list of their queries.

use diesel::prelude::*;
use gantry_kernel::IdSource;
use gantry_outbox::NewEvent;

use super::rows::{TaskRow, UserRow};
use super::schema::auth_email_logins;
use super::{Store, pg, sqlite};
use crate::rules::cause::Cause;

/// A mail that signs in: the digests of its token, and of its code with what the browser holds that asked (ADR 13).
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = auth_email_logins)]
pub(crate) struct EmailLoginRow {
    pub(crate) user_id: String,
    pub(crate) realm_id: String,
    pub(crate) email: String,
    pub(crate) token_hash: String,
    pub(crate) handle_hash: Option<String>,
    pub(crate) code_hash: Option<String>,
    pub(crate) guesses: i64,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
}

/// A sign-in by mail: where, when, and what follows from it.
#[derive(Debug, Clone)]
pub(crate) struct EmailSignIn {
    pub(crate) realm_id: String,
    pub(crate) now: i64,
    pub(crate) cause: Cause,
    pub(crate) ids: IdSource,
    pub(crate) holder: String,
    /// Where the mail shows that the address is the user's, which nothing showed before; their id is put in.
    pub(crate) verified: NewEvent,
}

/// A guess at a code.
#[derive(Debug, Clone)]
pub(crate) struct CodeGuess {
    /// Of what the browser holds.
    pub(crate) handle_hash: String,
    /// Of that with the code.
    pub(crate) code_hash: String,
    /// Whom the browser named, where that is somebody.
    pub(crate) user_id: Option<String>,
    /// Guesses that a code stands.
    pub(crate) most: i64,
    /// Where it is wrong.
    pub(crate) failed: NewEvent,
}

/// Whom a mail signs in.
#[derive(Debug)]
pub(crate) struct EmailUser {
    pub(crate) user: UserRow,
    /// What Session has to do where nothing showed before that the address is the user's.
    pub(crate) task: Option<TaskRow>,
}

gantry_db::store!(Store {
    /// Puts a mail in the place of the one that its user had, with its events.
    write email_logins::put_email_login(login: EmailLoginRow, holder: String, events: Vec<NewEvent>) -> ();
    /// Finds a mail that lives at `now` by its token, with its user.
    read email_logins::find_email_login(realm: String, hash: String, now: i64) -> Option<(EmailLoginRow, UserRow)>;
    /// Uses a mail up by its link; absent for a link that is not worth anything.
    write email_logins::sign_in_by_link(token_hash: String, sign_in: EmailSignIn) -> Option<EmailUser>;
    /// Counts a guess, and uses the mail up where it is right; else notes down that it was wrong.
    write email_logins::sign_in_by_code(guess: CodeGuess, sign_in: EmailSignIn) -> Option<EmailUser>;
    /// Forgets at most `limit` mails that expired before `now`; tells how many.
    write email_logins::prune_email_logins(now: i64, limit: i64) -> usize;
});
