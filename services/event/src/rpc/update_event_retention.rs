//! UpdateEventRetention: a realm chooses how long it keeps its events.

use gantry_proto::event::v2::{EventRetention, UpdateEventRetentionRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::get_event_retention::shown;
use crate::State;
use crate::error::Error;
use crate::rules::retention::check;

/// Sets a realm's days, or none with null; what was not sent stays as it is.
pub(crate) async fn update_event_retention(
    state: &State,
    request: Request<UpdateEventRetentionRequest>,
) -> Result<Response<EventRetention>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = state.realm_of(&call, asked.realm_id.as_deref()).await?.into_string();
    let input = asked.retention.unwrap_or_default();
    if input.present.iter().any(|name| name == "days") || input.days.is_some() {
        let days = check(input.days)?;
        state.store.set_retention(realm.clone(), days).await?;
        state.sweeps.notify_one();
    }
    let own = state.store.find_retention(realm.clone()).await?;
    Ok(Response::new(shown(state, realm, own)))
}
