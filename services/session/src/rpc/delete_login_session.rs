//! `DeleteLoginSession`: LoginRocket signs out (contract 2.4).

use gantry_kernel::Reason;
use gantry_proto::session::v2::{DeleteLoginSessionRequest, LoginResult};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::state::State;

/// Ends the session whose key is given; one that is unknown or has ended is no error. Event: `session.deleted`.
///
/// Fails with `session_invalid` when no session is given.
pub(super) async fn delete_login_session(
    state: &State,
    request: Request<DeleteLoginSessionRequest>,
) -> Result<LoginResult> {
    let call = Call::of(&request)?;
    let realm = call.realm(None)?;
    let origin = gantry_rpc::origin(&call, None)?;
    let key = request.into_inner().session.filter(|key| !key.is_empty());
    let key = key.ok_or(Reason::SessionInvalid)?;
    // The whole key alone: a record's name, which events tell, ends nothing here.
    if let Some(record) = state.session_keys.open(&key) {
        state.end(&call, &realm, &record, origin).await?;
    }
    Ok(LoginResult {
        result: "okay".to_owned(),
        ..LoginResult::default()
    })
}
