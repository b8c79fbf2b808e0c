//! What happened, as a service notes it down.

use gantry_db::StoreError;
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
    /// The invitation it concerns.
    pub invitation_id: Option<String>,
    /// The token that the action made, sealed for Event (`gantry_seal::EventTokens`).
    pub token_sealed: Option<String>,
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

    /// The event as the outbox keeps it.
    ///
    /// # Errors
    /// Never; JSON holds whatever is in an event.
    pub fn to_body(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|_never| StoreError::Inconsistent {
            table: "outbox",
            column: "body",
            row: self.id.clone(),
        })
    }

    /// Reads what the outbox kept. A body that cannot be read leaves an event with nothing but its id, which Event refuses: so it
    /// stays in the outbox for a human to look at, and the others pass it.
    pub fn from_body(id: String, body: &str) -> Self {
        let read = serde_json::from_str(body).unwrap_or_else(|error| {
            tracing::error!(event = id, %error, "an event in the outbox cannot be read");
            Self::default()
        });
        Self { id, ..read }
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
            invitation_id: self.invitation_id,
            token: self.token_sealed,
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

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, RealmId};

    #[test]
    fn an_event_survives_the_outbox() {
        let realm = RealmId::from_bits(1);
        let mut event = NewEvent::new(EventId::from_bits(2), &realm, "user.created", 1_700_000_000_123);
        event.client = Some("a \"program\"\u{1F600}".to_owned());
        let body = event.to_body().unwrap();
        assert_eq!(NewEvent::from_body(event.id.clone(), &body), event);
        // Of a version that knew less, or more.
        let other = NewEvent::from_body("ev_1".to_owned(), r#"{"realm_id":"rl_1","later":{"x":1}}"#);
        assert_eq!((other.id.as_str(), other.realm_id.as_str()), ("ev_1", "rl_1"));
    }

    #[test]
    fn an_unreadable_body_keeps_its_id_alone() {
        for body in ["", "[]", "{\"event_at\":\"soon\"}", "\0"] {
            let event = NewEvent::from_body("ev_1".to_owned(), body);
            let bare = NewEvent {
                id: "ev_1".to_owned(),
                ..NewEvent::default()
            };
            assert_eq!(event, bare, "{body:?}");
        }
    }
}
