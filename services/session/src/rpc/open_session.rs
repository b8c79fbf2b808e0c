//! `OpenSession`: Auth has identified a user, and wants a session for them.

use gantry_kernel::{Problem, Reason};
use gantry_proto::session::v2::{OpenSessionRequest, OpenSessionResponse, SessionRecord};
use gantry_rpc::Call;
use tonic::Request;

use crate::convert;
use crate::error::Result;
use crate::opening::Opening;
use crate::rules::Audience;
use crate::state::State;

/// Opens a session; with a token unless a condition keeps this from being a full login.
///
/// Fails with a violation when the user is not active, though Auth should not have asked then.
pub(super) async fn open_session(state: &State, request: Request<OpenSessionRequest>) -> Result<OpenSessionResponse> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let origin = gantry_rpc::origin(&call, asked.request.as_ref())?;
    let told = asked.profile.ok_or_else(|| Problem::new(Reason::Malformed))?;
    let (profile, user) = convert::profile(told)?;
    if !profile.active {
        return Err(Problem::field("user_id", "user_inactive").into());
    }
    // LoginRocket chooses an org, or says why it has not; the Core API does neither.
    let core = profile.account.is_none() && profile.conditions.is_empty();
    let opening = Opening {
        profile: &profile,
        audience: if core { Audience::Core } else { Audience::LoginRocket },
        with_token: profile.conditions.is_empty(),
        origin,
    };
    let session = SessionRecord {
        user,
        ..state.open(opening).await?
    };
    Ok(OpenSessionResponse { session: Some(session) })
}
