//! Events from messages and to messages.

use gantry_proto::event::v2::{Attempt, EventRecord, Notification};
use gantry_proto::options::v1::RequestInfo;

use crate::rules::event::Event;
use crate::store::{AttemptRow, EventRow, NotificationRow};

/// An event as a service hands it over. An empty text counts as absent.
pub(crate) fn event(record: EventRecord) -> Event {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let request = record.request.unwrap_or_default();
    Event {
        id: record.id,
        realm_id: record.realm_id,
        event_type: record.event_type,
        event_at: millis(record.event_at),
        user_id: given(record.user_id),
        org_id: given(record.org_id),
        membership_id: given(record.membership_id),
        session_id: given(record.session_id),
        auth_provider_id: given(record.auth_provider_id),
        invitation_id: given(record.invitation_id),
        expires_at: record.expires_at,
        ip: given(request.ip),
        client: given(request.client),
        request_id: given(record.request_id),
        token_sealed: given(record.token),
        hook_id: given(record.hook_id),
    }
}

/// An event as it is shown, with its token for those who may see it.
pub(crate) fn record(row: EventRow, token: Option<String>) -> EventRecord {
    EventRecord {
        object: "event".to_owned(),
        id: row.id,
        realm_id: row.realm_id,
        event_type: row.event_type,
        event_at: seconds(row.event_at),
        user_id: row.user_id,
        org_id: row.org_id,
        membership_id: row.membership_id,
        session_id: row.session_id,
        auth_provider_id: row.auth_provider_id,
        invitation_id: row.invitation_id,
        expires_at: row.expires_at,
        request: Some(RequestInfo {
            ip: row.ip,
            client: row.client,
        }),
        request_id: row.request_id,
        token,
        notifications: Vec::new(),
        hook_id: row.hook_id,
    }
}

/// A notification as it is shown (contract 5.3).
pub(crate) fn notification(row: NotificationRow) -> Notification {
    Notification {
        object: "notification".to_owned(),
        id: row.id,
        hook_id: row.hook_id,
        hook_type: row.hook_type,
        state: row.state,
        attempts: row.attempts,
        last_attempt_at: row.last_attempt_at.map(seconds),
        last_destination: row.last_destination,
        last_result: row.last_result,
        next_attempt_at: row.due_at.map(seconds),
        event_id: None,
        event_type: None,
        attempt_log: Vec::new(),
    }
}

/// A notification that is shown without its event: it names it.
pub(crate) fn notification_of(row: NotificationRow, event: &EventRow) -> Notification {
    Notification {
        event_id: Some(event.id.clone()),
        event_type: Some(event.event_type.clone()),
        ..notification(row)
    }
}

/// An attempt as it is shown.
pub(crate) fn attempt(row: AttemptRow) -> Attempt {
    Attempt {
        number: row.number,
        attempted_at: seconds(row.at),
        duration: seconds(row.took_ms),
        outcome: if row.delivered { "delivered" } else { "failed" }.to_owned(),
        status: row.status,
        destination: row.destination,
        result: row.result,
    }
}

/// Milliseconds as the contract's fractional seconds; they fit a double exactly for the next 285,000 years.
pub(crate) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Seconds to milliseconds; what is no time becomes one that the rules refuse.
fn millis(seconds: f64) -> i64 {
    if seconds.is_finite() {
        // Saturates far outside of what the rules take.
        (seconds * 1000.0).round() as i64
    } else {
        -1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_the_wire() {
        for ms in [0, 1, 999, 1_700_000_000_123, 4_102_444_799_999] {
            let row = EventRow::new(
                1,
                Event {
                    event_at: ms,
                    ..Event::default()
                },
            );
            assert_eq!(event(record(row, None)).event_at, ms);
        }
        assert_eq!(millis(f64::NAN), -1);
        assert_eq!(millis(f64::NEG_INFINITY), -1);
    }
}
