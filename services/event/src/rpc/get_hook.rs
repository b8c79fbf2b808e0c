//! GetHook: one hook of a realm (contract 5.4).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{GetHookRequest, Hook};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::store::HookRow;
use crate::{State, convert};

/// Shows a hook.
pub(crate) async fn get_hook(state: &State, request: Request<GetHookRequest>) -> Result<Response<Hook>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let found = state.store.find_hook(realm.into_string(), asked.id).await?;
    Ok(Response::new(shown(state, found.ok_or(Reason::NotFound)?)?))
}

/// A hook's row as it is shown.
pub(crate) fn shown(state: &State, row: HookRow) -> Result<Hook, Error> {
    let hook = state.opened(&row)?;
    Ok(convert::hook(row, hook))
}
