//! GetEvent: one event of a realm.

use gantry_kernel::{EventId, Id, Reason};
use gantry_proto::event::v2::{EventRecord, GetEventRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Shows an event with its notifications. One of another realm, one that is not there and what is no id are the same: not found.
pub(crate) async fn get_event(
    state: &State,
    request: Request<GetEventRequest>,
) -> Result<Response<EventRecord>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let id = EventId::parse(&asked.id).map_err(|_not_an_id| Reason::NotFound)?;
    let row = state.store.find_event(realm.into_string(), id.into_string()).await?;
    let row = row.ok_or(Reason::NotFound)?;
    let notifications = state.store.list_notifications(vec![row.id.clone()]).await?;
    let mut event = state.shown(&call, row);
    event.notifications = notifications.into_iter().map(convert::notification).collect();
    Ok(Response::new(event))
}
