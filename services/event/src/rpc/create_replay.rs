//! CreateReplay: tries many again: all that failed, or what was made in a stretch of time.

use gantry_proto::event::v2::{CreateReplayRequest, Replay};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::given;
use crate::error::Error;
use crate::rules::replay::{AT_ONCE, replayed};
use crate::{State, lanes};

/// Begins notifications anew, the oldest first, and no more of them than one call can.
pub(crate) async fn create_replay(
    state: &State,
    request: Request<CreateReplayRequest>,
) -> Result<Response<Replay>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let input = asked.replay.unwrap_or_default();
    let times = (input.created_at_after, input.created_at_before);
    let range = replayed(input.state.as_deref(), times)?;
    let lanes = lanes::replayed(&state.store, &realm, given(input.hook_id)).await?;
    let part = (given(input.after), AT_ONCE, state.clock.now_ms());
    let begun = state.store.replay(realm, lanes, range, part).await?;
    state.deliveries.notify_one();
    let replayed = i64::try_from(begun.len()).unwrap_or(i64::MAX);
    Ok(Response::new(Replay {
        object: "replay".to_owned(),
        replayed,
        more_results: replayed >= AT_ONCE,
        after: begun.into_iter().next_back(),
    }))
}
