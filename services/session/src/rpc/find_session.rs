//! `FindSession`: which session a key opens.

use gantry_proto::session::v2::{FindSessionRequest, FindSessionResponse};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::state::State;

/// Finds a live session by its whole key; whether its user may still log in is Auth's to say, who asks.
pub(super) async fn find_session(state: &State, request: Request<FindSessionRequest>) -> Result<FindSessionResponse> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(Some(&asked.realm_id))?;
    let Some(record) = state.session_keys.open(&asked.session) else {
        return Ok(FindSessionResponse::default());
    };
    let id = record.into_string();
    let found = state
        .store
        .find_session(realm.as_str().to_owned(), id.clone(), state.now())
        .await?;
    Ok(match found {
        Some(seen) => FindSessionResponse {
            session_id: id,
            user_id: seen.session.user_id,
        },
        None => FindSessionResponse::default(),
    })
}
