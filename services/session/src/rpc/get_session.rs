//! `GetSession`: one live session, by its key, its record's name or a token of it (contract 3.5).

use gantry_kernel::{RealmId, Reason};
use gantry_proto::Permission;
use gantry_proto::session::v2::{GetSessionRequest, SessionRecord};
use gantry_rpc::Call;
use tonic::Request;

use crate::auth::Asked;
use crate::convert;
use crate::error::Result;
use crate::rules::Audience;
use crate::state::State;
use crate::store::Seen;
use crate::tokens::record_of;

/// What may be expanded.
pub(super) const EXPANDS: [&str; 2] = ["token", "memberships"];

/// Shows a session with its user; with `expand=token` a copy of its token that ends when it always did.
///
/// Fails with `not_found` when it ended, or its user may not log in any more.
pub(super) async fn get_session(state: &State, request: Request<GetSessionRequest>) -> Result<SessionRecord> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let expand = gantry_rpc::expands(&asked.expand, &EXPANDS)?;
    let seen = find(state, &realm, &asked.id).await?.ok_or(Reason::NotFound)?;
    let user = Asked {
        user_id: &seen.session.user_id,
        with_user: true,
        with_memberships: expand.has("memberships"),
        ..Asked::default()
    };
    let (profile, user) = state.describe_active(&call, &realm, user, Reason::NotFound).await?;
    // A token opens what its session opens: like the whole key it is not for keys that may only read.
    let token = if expand.has("token") && call.may(Permission::Write) {
        Some(state.token(&seen, &profile, Audience::Core).await?)
    } else {
        None
    };
    let shown = state.shown(&call, &record_of(&seen.session)?);
    Ok(SessionRecord {
        token,
        user,
        ..convert::record(seen.session, shown)
    })
}

async fn find(state: &State, realm: &RealmId, id: &str) -> Result<Option<Seen>> {
    if id.contains('.') {
        return Ok(state.heard(realm, id).await?.map(|(_, _, seen)| seen));
    }
    let Some(record) = state.session_keys.name(id) else {
        return Ok(None);
    };
    let (realm_id, id) = (realm.as_str().to_owned(), record.into_string());
    Ok(state.store.find_session(realm_id, id, state.now()).await?)
}
