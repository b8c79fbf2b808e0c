//! `ListSessions`: the realm's live sessions, of one user or of all (contract 3.5).

use gantry_kernel::{Direction, Id, SessionId, Sort, UserId};
use gantry_proto::session::v2::{ListSessionsRequest, SessionList};
use gantry_rpc::{Call, ListFields};
use tonic::Request;

use crate::convert;
use crate::error::Result;
use crate::state::State;
use crate::tokens::record_of;

/// Lists sessions, without their tokens.
///
/// Fails with violations of `max_results`, `after`, `sort`, `direction`. An unknown user has no sessions.
pub(super) async fn list_sessions(state: &State, request: Request<ListSessionsRequest>) -> Result<SessionList> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    // The list shows whole keys to those who may write: both spellings name the same place in it.
    let named = asked.after.as_deref().and_then(|after| state.session_keys.name(after));
    let fields = ListFields {
        max_results: asked.max_results,
        after: named.as_ref().map(SessionId::as_str).or(asked.after.as_deref()),
        sort: asked.sort.as_deref(),
        direction: asked.direction.as_deref(),
    };
    let page = gantry_rpc::page::<SessionId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let user_id = asked.user_id.filter(|id| !id.is_empty());
    if user_id.as_deref().is_some_and(|id| UserId::parse(id).is_err()) {
        return Ok(SessionList::default());
    }
    let found = state
        .store
        .list_sessions(realm.into_string(), user_id, state.now(), page.clone());
    let (rows, more_results) = page.cut(found.await?);
    let mut collection = Vec::with_capacity(rows.len());
    for row in rows {
        let shown = state.shown(&call, &record_of(&row)?);
        collection.push(convert::record(row, shown));
    }
    Ok(SessionList {
        collection,
        more_results,
    })
}
