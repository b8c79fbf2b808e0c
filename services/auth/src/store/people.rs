//! The list of queries about what users do: their tokens.

use gantry_outbox::NewEvent;

use super::{Store, TokenRow, UserRow, pg, sqlite};

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
});
