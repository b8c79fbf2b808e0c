//! An event, as this service thinks of it.

/// The last moment that an id can embed, in milliseconds since the Unix epoch.
pub(crate) const LAST_MS: i64 = (1 << 48) - 1;

/// What happened (contract 5.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// The event's id; it embeds the millisecond of its making.
    pub(crate) id: String,
    /// The realm.
    pub(crate) realm_id: String,
    /// The type, one of [`super::types::ALL`].
    pub(crate) event_type: String,
    /// When it happened, in milliseconds since the Unix epoch.
    pub(crate) event_at: i64,
    /// The user it concerns.
    pub(crate) user_id: Option<String>,
    /// The org it concerns.
    pub(crate) org_id: Option<String>,
    /// The membership it concerns.
    pub(crate) membership_id: Option<String>,
    /// The record of the session it concerns; never the key that opens the session.
    pub(crate) session_id: Option<String>,
    /// The auth provider it concerns.
    pub(crate) auth_provider_id: Option<String>,
    /// The invitation it concerns.
    pub(crate) invitation_id: Option<String>,
    /// For `session.deleted`: when the session would have expired, in Unix seconds.
    pub(crate) expires_at: Option<i64>,
    /// The end user's address.
    pub(crate) ip: Option<String>,
    /// The end user's program.
    pub(crate) client: Option<String>,
    /// The X-Request-ID of the call that caused it.
    pub(crate) request_id: Option<String>,
    /// The token that the action made, sealed.
    pub(crate) token_sealed: Option<String>,
    /// The hook it concerns.
    pub(crate) hook_id: Option<String>,
}
