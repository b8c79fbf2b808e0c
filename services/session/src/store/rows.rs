//! Rows of Session's tables. Times are Unix milliseconds.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};

use super::schema::{session_key_stock, session_keys, session_oauth, session_sessions};
use crate::rules::rotation::Turn;

/// A session. What it keeps opens nothing: the id is only the first half of the session's key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_sessions)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) user_id: String,
    pub(crate) client_app_id: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) token_sealed: Option<String>,
    pub(crate) token_mark: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
}

/// What an answer about a session depends on, beside its realm and its user.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session_sessions)]
pub(crate) struct SessionHead {
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) user_id: String,
    pub(crate) token_mark: Option<String>,
    pub(crate) expires_at: i64,
}

/// A realm's key, with its secret half sealed.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_keys)]
pub(crate) struct KeyRow {
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) algo: String,
    pub(crate) public_key: Option<String>,
    pub(crate) secret_sealed: String,
    pub(crate) created_at: i64,
    /// From when on it signs, if none newer does.
    pub(crate) signs_from: i64,
    /// Whether the realm was given it because it had none.
    pub(crate) provided: bool,
}

/// Which keys a realm has.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session_keys)]
pub(crate) struct KeyHead {
    pub(crate) id: String,
    pub(crate) algo: String,
    pub(crate) signs_from: i64,
}

macro_rules! turn {
    ($($row:ty),*) => { $(
        impl Turn for $row {
            fn id(&self) -> &str {
                &self.id
            }
            fn algo(&self) -> &str {
                &self.algo
            }
            fn signs_from(&self) -> i64 {
                self.signs_from
            }
        }
    )* };
}
turn!(KeyRow, KeyHead, PublicKeyRow);

/// An OAuth2 session: first a code that is good once, then an access token. It keeps digests of both.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_oauth)]
pub(crate) struct OauthRow {
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) user_id: String,
    pub(crate) client_app_id: String,
    pub(crate) session_id: Option<String>,
    pub(crate) code_hash: String,
    pub(crate) code_expires_at: i64,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) scopes: String,
    pub(crate) access_hash: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
}

/// What changes when a code is taken.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = session_oauth)]
pub(crate) struct OauthToken {
    pub(crate) access_hash: Option<String>,
    pub(crate) expires_at: i64,
}

/// The half of a realm's key that everybody may see.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session_keys)]
pub(crate) struct PublicKeyRow {
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) algo: String,
    pub(crate) public_key: Option<String>,
    pub(crate) signs_from: i64,
}

/// A key made ahead of need.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_key_stock)]
pub(crate) struct StockRow {
    pub(crate) id: String,
    pub(crate) public_key: String,
    pub(crate) secret_sealed: String,
    pub(crate) created_at: i64,
}

/// A live session, and the keys that its realm's tokens are or were signed with.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) session: SessionRow,
    pub(crate) keys: Vec<KeyHead>,
}

/// Which sessions end.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    pub(crate) realm_id: String,
    pub(crate) user_id: Option<String>,
    pub(crate) keep: Option<String>,
    pub(crate) opened_by: Option<i64>,
    pub(crate) now: i64,
}
