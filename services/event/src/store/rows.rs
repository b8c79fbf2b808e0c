//! What a row holds.

use diesel::prelude::*;

use super::schema::event_events;
use crate::rules::event::Event;

/// An event with its place in the order in which events became visible.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = event_events)]
pub(crate) struct EventRow {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) event_type: String,
    pub(crate) event_at: i64,
    pub(crate) user_id: Option<String>,
    pub(crate) org_id: Option<String>,
    pub(crate) membership_id: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) auth_provider_id: Option<String>,
    pub(crate) invitation_id: Option<String>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) ip: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) token_sealed: Option<String>,
}

impl EventRow {
    /// An event in its place.
    pub(crate) fn new(seq: i64, event: Event) -> Self {
        Self {
            seq,
            id: event.id,
            realm_id: event.realm_id,
            event_type: event.event_type,
            event_at: event.event_at,
            user_id: event.user_id,
            org_id: event.org_id,
            membership_id: event.membership_id,
            session_id: event.session_id,
            auth_provider_id: event.auth_provider_id,
            invitation_id: event.invitation_id,
            expires_at: event.expires_at,
            ip: event.ip,
            client: event.client,
            request_id: event.request_id,
            token_sealed: event.token_sealed,
        }
    }
}
