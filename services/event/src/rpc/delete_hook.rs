//! DeleteHook: removes a hook (contract 5.4).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{DeleteHookRequest, Hook};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::get_hook::shown;
use crate::State;
use crate::error::Error;

/// Removes a hook and shows its last state. Its subscriptions go with it.
pub(crate) async fn delete_hook(state: &State, request: Request<DeleteHookRequest>) -> Result<Response<Hook>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let gone = state.store.remove_hook(realm.into_string(), asked.id).await?;
    let gone = gone.ok_or(Reason::NotFound)?;
    // What waits for it is called off.
    state.store.look_at_lane(gone.id.clone(), state.clock.now_ms()).await?;
    Ok(Response::new(shown(state, gone)?))
}
