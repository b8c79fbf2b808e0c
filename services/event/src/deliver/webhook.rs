//! Webhooks: an event, posted to an address.

use gantry_kernel::{Reason, Secret};
use gantry_proto::event::v2::EventRecord;

use super::lane::Place;
use super::{Outcome, Tried};
use crate::error::Error;
use crate::rules::hook::masked;
use crate::rules::webhook::{Message, excerpt, judge, request};
use crate::store::{EventRow, NotificationRow};
use crate::{State, convert};

/// Tells a webhook of an event: what a key that may read sees of it, with the notification that this is.
pub(super) async fn send(state: &State, place: &Place, row: NotificationRow, event: EventRow) -> Result<Tried, Error> {
    let id = row.id.clone();
    // No token: whoever is to act with it reads it with a key that may write.
    let mut record = convert::record(event, None);
    record.notifications = vec![convert::notification(row)];
    post(state, place, &id, &record).await
}

/// Posts an event to a hook's address.
pub(crate) async fn post(state: &State, place: &Place, id: &str, event: &EventRecord) -> Result<Tried, Error> {
    let nowhere = Secret::default();
    let destination = place.hook.destination.as_ref().unwrap_or(&nowhere);
    let now = state.clock.now_ms();
    let message = Message {
        id,
        body: serde_json::to_vec(event).map_err(|_unwritable| Reason::Internal)?,
        timestamp: now / 1000,
    };
    let mut status = None;
    let (done, result) = match request(destination, &state.secrets(&place.row, now)?, message) {
        None => (false, "the address cannot be called".to_owned()),
        Some(request) => match state.egress.send(request).await {
            Ok(answer) => {
                status = Some(i64::from(answer.status().as_u16()));
                judge(&answer)
            }
            Err(error) => (false, excerpt(error.to_string().as_bytes())),
        },
    };
    Ok(Tried {
        outcome: if done { Outcome::Done } else { Outcome::Again },
        status,
        destination: masked(destination.expose()),
        result,
    })
}
