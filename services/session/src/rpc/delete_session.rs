//! `DeleteSession`: a back end ends a session (contract 3.5).

use gantry_kernel::Reason;
use gantry_proto::session::v2::{DeleteSessionRequest, SessionRecord};
use gantry_rpc::Call;
use tonic::Request;

use crate::convert;
use crate::error::Result;
use crate::state::State;
use crate::tokens::record_of;

/// Ends a session, named by its key or its record, and shows its last state. Event: `session.deleted`.
///
/// Fails with `not_found` when there is none that lives.
pub(super) async fn delete_session(state: &State, request: Request<DeleteSessionRequest>) -> Result<SessionRecord> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let origin = gantry_rpc::origin(&call, asked.request.as_ref())?;
    let record = state.session_keys.name(&asked.id).ok_or(Reason::NotFound)?;
    let ended = state.end(&call, &realm, &record, origin).await?;
    let row = ended.ok_or(Reason::NotFound)?;
    let shown = state.shown(&call, &record_of(&row)?);
    Ok(convert::record(row, shown))
}
