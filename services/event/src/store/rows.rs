//! What a row holds.

use diesel::prelude::*;

use super::schema::{event_attempts, event_events, event_lanes, event_notifications};
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
    pub(crate) hook_id: Option<String>,
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
            hook_id: event.hook_id,
        }
    }
}

/// An event on its way to a hook (contract 5.3).
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = event_notifications)]
pub(crate) struct NotificationRow {
    pub(crate) id: String,
    pub(crate) event_seq: i64,
    pub(crate) event_id: String,
    pub(crate) lane_id: String,
    pub(crate) hook_id: Option<String>,
    pub(crate) hook_type: String,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) due_at: Option<i64>,
    pub(crate) last_attempt_at: Option<i64>,
    pub(crate) last_destination: Option<String>,
    pub(crate) last_result: Option<String>,
    /// For a hook that is told in order: among whose it waits its turn, by the event's id.
    pub(crate) order_key: Option<String>,
    /// Attempts before it was last begun anew.
    pub(crate) attempts_before: i64,
}

/// What is delivered to one place.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = event_lanes)]
pub(crate) struct LaneRow {
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) due_at: i64,
    pub(crate) holder: Option<String>,
    pub(crate) failures: i64,
    pub(crate) paused_until: i64,
}

/// What came of an attempt of a notification.
#[derive(Debug, Clone)]
pub(crate) struct Attempted {
    /// The notification, and how many attempts it had before.
    pub(crate) id: String,
    pub(crate) before: i64,
    pub(crate) state: &'static str,
    /// When the next is due; absent when there is none.
    pub(crate) due_at: Option<i64>,
    pub(crate) at: i64,
    /// Absent for what was called off before it was tried.
    pub(crate) took_ms: Option<i64>,
    pub(crate) delivered: bool,
    /// The status of an HTTP answer.
    pub(crate) status: Option<i64>,
    pub(crate) destination: Option<String>,
    pub(crate) result: String,
}

/// An attempt as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = event_attempts)]
pub(crate) struct AttemptRow {
    pub(crate) notification_id: String,
    pub(crate) number: i64,
    pub(crate) at: i64,
    pub(crate) took_ms: i64,
    pub(crate) delivered: bool,
    pub(crate) status: Option<i64>,
    pub(crate) destination: Option<String>,
    pub(crate) result: String,
}
