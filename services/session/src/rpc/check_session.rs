//! `CheckSession`: whether a session lives.

use gantry_proto::session::v2::{CheckSessionRequest, CheckSessionResponse};
use gantry_rpc::Call;
use tonic::Request;

use crate::auth::Asked;
use crate::error::Result;
use crate::state::State;

/// Checks a session's key, which must be whole: it is what a user shows, and a record's name is no proof of anything.
pub(super) async fn check_session(
    state: &State,
    request: Request<CheckSessionRequest>,
) -> Result<CheckSessionResponse> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let Some(record) = state.session_keys.open(&asked.session) else {
        return Ok(CheckSessionResponse::default());
    };
    let id = record.as_str().to_owned();
    let found = state
        .store
        .find_session(realm.as_str().to_owned(), id, state.now())
        .await?;
    let Some(seen) = found else {
        return Ok(CheckSessionResponse::default());
    };
    let user = Asked {
        user_id: &seen.session.user_id,
        ..Asked::default()
    };
    if !state.may_log_in(&call, &realm, user).await? {
        return Ok(CheckSessionResponse::default());
    }
    Ok(CheckSessionResponse {
        valid: true,
        session_id: state.shown(&call, &record),
        user_id: seen.session.user_id,
        expires_at: seen.session.expires_at.div_euclid(1000),
    })
}
