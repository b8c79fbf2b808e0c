//! `CreateSession`: a back end opens a session for a user it has identified itself (contract 3.5).

use gantry_kernel::{Id, Problem, RealmId, UserId};
use gantry_proto::auth::v2::User;
use gantry_proto::session::v2::{CreateSessionRequest, SessionRecord};
use gantry_rpc::Call;
use tonic::Request;

use super::get_session::EXPANDS;
use crate::auth::Asked;
use crate::error::Result;
use crate::opening::Opening;
use crate::rules::{Audience, Profile};
use crate::state::State;

/// Opens a session and shows it with its token.
///
/// Fails with violations of `user_id` (`required`, `not_found`, `user_inactive`), `expand` and `ip`.
pub(super) async fn create_session(state: &State, request: Request<CreateSessionRequest>) -> Result<SessionRecord> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let expand = gantry_rpc::expands(&asked.expand, &EXPANDS)?;
    let origin = gantry_rpc::origin(&call, asked.request.as_ref())?;
    let user_id = asked
        .session
        .and_then(|session| session.user_id)
        .filter(|id| !id.is_empty());
    let user_id = user_id.ok_or_else(|| Problem::field("user_id", "required"))?;
    let user = Asked {
        user_id: &user_id,
        with_user: true,
        with_memberships: expand.has("memberships"),
        ..Asked::default()
    };
    let (profile, user) = known_user(state, &call, &realm, user).await?;
    let opening = Opening {
        profile: &profile,
        audience: Audience::Core,
        with_token: true,
        origin,
    };
    Ok(SessionRecord {
        user,
        ..state.open(opening).await?
    })
}

async fn known_user(state: &State, call: &Call, realm: &RealmId, asked: Asked<'_>) -> Result<(Profile, Option<User>)> {
    let told = match UserId::parse(asked.user_id) {
        Ok(_) => state.describe(call, realm, asked).await?,
        Err(_invalid) => None,
    };
    let (profile, user) = told.ok_or_else(|| Problem::field("user_id", "not_found"))?;
    if !profile.active {
        return Err(Problem::field("user_id", "user_inactive").into());
    }
    Ok((profile, user))
}
