//! UpdateHook: changes a hook (contract 5.4).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{Hook, UpdateHookRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::create_hook::listed;
use super::get_hook::shown;
use crate::error::Error;
use crate::rules::hook::change;
use crate::store::HookRow;
use crate::{State, convert};

/// Changes what was sent of a hook; a conflict when somebody else changes it at the same moment.
pub(crate) async fn update_hook(state: &State, request: Request<UpdateHookRequest>) -> Result<Response<Hook>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let found = state.store.find_hook(realm.clone(), asked.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::hook_input(asked.hook.unwrap_or_default());
    let hook = change(input, state.opened(&old)?)?;
    listed(state, &realm, &hook).await?;
    let read_at = old.updated_at;
    let row = HookRow {
        updated_at: state.later_than(read_at),
        // Whoever mends something is given as long again as at first.
        failing_since: None,
        failing_count: 0,
        ..state.closed(&hook, old)?
    };
    if !state.store.set_hook(row.clone(), read_at).await? {
        return Err(Reason::Conflict.into());
    }
    // What waits is called off when the hook was switched off, and tried anew when it leads somewhere else.
    state.store.look_at_lane(row.id.clone(), state.clock.now_ms()).await?;
    Ok(Response::new(shown(state, row)?))
}
