//! `CheckToken`: whether a token is genuine and its session lives.

use gantry_proto::session::v2::{CheckTokenRequest, CheckTokenResponse};
use gantry_rpc::Call;
use tonic::Request;

use crate::auth::Asked;
use crate::error::Result;
use crate::state::State;
use crate::tokens::record_of;

/// Checks signature, realm, times, session and user. What is not good is not valid; why, is not said.
pub(super) async fn check_token(state: &State, request: Request<CheckTokenRequest>) -> Result<CheckTokenResponse> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let Some((heard, claims, seen)) = state.heard(&realm, &asked.token).await? else {
        return Ok(CheckTokenResponse::default());
    };
    let user = Asked {
        user_id: &seen.session.user_id,
        ..Asked::default()
    };
    if !state.may_log_in(&call, &realm, user).await? {
        return Ok(CheckTokenResponse::default());
    }
    Ok(CheckTokenResponse {
        valid: true,
        session_id: state.shown(&call, &record_of(&seen.session)?),
        user_id: heard.sub,
        expires_at: heard.exp,
        claims,
    })
}
