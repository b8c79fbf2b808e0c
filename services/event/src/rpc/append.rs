//! Append: stores what the services hand over.

use gantry_proto::event::v2::{AppendRequest, AppendResponse};
use tonic::{Request, Response};

use crate::error::Error;
use crate::rules::append::check;
use crate::{State, convert};

/// Stores events that are not stored yet, all or (when one breaks a rule) none, and wakes whoever watches.
pub(crate) async fn append(state: &State, request: Request<AppendRequest>) -> Result<Response<AppendResponse>, Error> {
    let mut events: Vec<_> = request.into_inner().events.into_iter().map(convert::event).collect();
    check(&events)?;
    for event in &mut events {
        // A token that was not sealed for this very event would lie open in the database.
        let opens = |sealed: &String| state.tokens.open(&event.id, sealed).is_some();
        if event.token_sealed.as_ref().is_some_and(|sealed| !opens(sealed)) {
            tracing::error!(event = event.id, "an event's token is not sealed for it");
            event.token_sealed = None;
        }
    }
    let appended = state
        .store
        .append_events(events, state.clock.now_ms(), state.ids.clone())
        .await?;
    if appended.stored > 0 {
        state.hub.nudge();
        state.deliveries.notify_one();
    }
    Ok(Response::new(AppendResponse {
        stored: u32::try_from(appended.stored).unwrap_or(u32::MAX),
    }))
}
