//! What happened, as a service notes it down.

use gantry_kernel::{EventId, RealmId};
use gantry_proto::event::v2::EventRecord;
use gantry_proto::options::v1::RequestInfo;
use serde::{Deserialize, Serialize};

/// An event on its way to Event (contract 5.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewEvent {
    /// The event's id.
    pub id: String,
    /// The realm.
    pub realm_id: String,
    /// The type, such as `user.created` (contract 5.1).
    pub event_type: String,
    /// When it happened, in milliseconds since the Unix epoch.
    pub event_at: i64,
    /// The user it concerns.
    pub user_id: Option<String>,
    /// The org it concerns.
    pub org_id: Option<String>,
    /// The membership it concerns.
    pub membership_id: Option<String>,
    /// The session it concerns.
    pub session_id: Option<String>,
    /// The auth provider it concerns.
    pub auth_provider_id: Option<String>,
    /// For `session.deleted`: when the session would have expired, in Unix seconds.
    pub expires_at: Option<i64>,
    /// The end user's address.
    pub ip: Option<String>,
    /// The end user's program.
    pub client: Option<String>,
    /// The X-Request-ID of the call that caused it.
    pub request_id: Option<String>,
}

impl NewEvent {
    /// An event of a type in a realm, at a time in milliseconds.
    pub fn new(id: EventId, realm: &RealmId, event_type: &str, event_at: i64) -> Self {
        Self {
            id: id.into_string(),
            realm_id: realm.as_str().to_owned(),
            event_type: event_type.to_owned(),
            event_at,
            ..Self::default()
        }
    }

    /// The event as Event takes it.
    pub fn into_record(self) -> EventRecord {
        EventRecord {
            id: self.id,
            realm_id: self.realm_id,
            event_type: self.event_type,
            // Milliseconds fit a double exactly for the next 285,000 years.
            event_at: self.event_at as f64 / 1000.0,
            user_id: self.user_id,
            org_id: self.org_id,
            membership_id: self.membership_id,
            session_id: self.session_id,
            auth_provider_id: self.auth_provider_id,
            expires_at: self.expires_at,
            request: Some(RequestInfo {
                ip: self.ip,
                client: self.client,
            }),
            request_id: self.request_id,
            ..EventRecord::default()
        }
    }
}
