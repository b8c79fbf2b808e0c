//! Append: stores what the services hand over.

use gantry_proto::event::v2::{AppendRequest, AppendResponse};
use tonic::{Request, Response};

use crate::error::Error;
use crate::rules::append::check;
use crate::{State, convert};

/// Stores events that are not stored yet, all or (when one breaks a rule) none, and wakes whoever watches.
pub(crate) async fn append(state: &State, request: Request<AppendRequest>) -> Result<Response<AppendResponse>, Error> {
    let events: Vec<_> = request.into_inner().events.into_iter().map(convert::event).collect();
    check(&events)?;
    let appended = state.store.append_events(events).await?;
    if appended.stored > 0 {
        state.hub.nudge();
    }
    Ok(Response::new(AppendResponse {
        stored: u32::try_from(appended.stored).unwrap_or(u32::MAX),
    }))
}
