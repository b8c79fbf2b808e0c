//! GetEventRetention: how long a realm keeps its events.

use gantry_proto::event::v2::{EventRetention, GetEventRetentionRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::State;
use crate::error::Error;
use crate::rules::retention::kept;

/// Tells a realm's own days, and those that count.
pub(crate) async fn get_event_retention(
    state: &State,
    request: Request<GetEventRetentionRequest>,
) -> Result<Response<EventRetention>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = state.realm_of(&call, asked.realm_id.as_deref()).await?.into_string();
    let own = state.store.find_retention(realm.clone()).await?;
    Ok(Response::new(shown(state, realm, own)))
}

pub(super) fn shown(state: &State, realm: String, own: Option<i64>) -> EventRetention {
    EventRetention {
        object: "event_retention".to_owned(),
        id: realm.clone(),
        realm_id: realm,
        days: own,
        effective_days: kept(own, state.retention_days),
    }
}
