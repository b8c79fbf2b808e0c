//! `EndSessions`: Auth has decided that logins end: of a user whose password changed, of one who is gone, of a whole realm.

use gantry_kernel::{EventId, Id, Problem, SessionId, UserId};
use gantry_outbox::NewEvent;
use gantry_proto::session::v2::{EndSessionsRequest, EndSessionsResponse};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::state::State;
use crate::store::Ending;

/// Sessions that one transaction ends: little enough that nobody waits for it.
const BATCH: i64 = 500;
/// Transactions to a call, so that it answers within a moment.
const BATCHES: u32 = 4;

/// Ends live sessions, and tells whether some are left. Each gets its own `session.deleted`. Whoever asks again changes nothing.
///
/// `keep` names a session by its key or its record; one that no session has keeps none.
pub(super) async fn end_sessions(state: &State, request: Request<EndSessionsRequest>) -> Result<EndSessionsResponse> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(Some(&asked.realm_id))?;
    let origin = gantry_rpc::origin(&call, asked.request.as_ref())?;
    if asked.user_id.as_deref().is_some_and(|id| UserId::parse(id).is_err()) {
        return Err(Problem::field("user_id", "id_format").into());
    }
    let now = state.now();
    let keep = asked.keep.as_deref().and_then(|key| state.session_keys.name(key));
    let ending = Ending {
        realm_id: realm.as_str().to_owned(),
        user_id: asked.user_id,
        keep: keep.map(SessionId::into_string),
        opened_by: asked.opened_by_ms,
        now,
    };
    let event = NewEvent {
        ip: origin.ip,
        client: origin.client,
        request_id: call.request_id.clone(),
        ..NewEvent::new(state.ids.id::<EventId>(), &realm, "session.deleted", now)
    };
    let holder = || state.relay.holder().to_owned();
    let mut more = true;
    for _ in 0..BATCHES {
        let ids = state.ids.clone();
        let ended = state
            .store
            .end_sessions(ending.clone(), BATCH, ids, holder(), event.clone());
        let ended = ended.await?;
        if ended > 0 {
            state.relay.wake();
        }
        more = i64::try_from(ended).is_ok_and(|ended| ended >= BATCH);
        if !more {
            break;
        }
    }
    Ok(EndSessionsResponse { more })
}
