//! `DELETE /v2/users/:id` (contract 3.2).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteUserRequest, User};
use gantry_rpc::Call;

use super::get_user::shown;
use super::user_of;
use crate::carry_out::at_once;
use crate::convert;
use crate::error::Error;
use crate::rules::task::{Task, Work};
use crate::service::Auth;

/// Removes a user with credentials, memberships, tokens and sessions, and shows their last state. Events: `user.deleted`, and
/// `session.deleted` for each session.
pub(crate) async fn delete_user(auth: &Auth, call: &Call, request: DeleteUserRequest) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let user = user_of(auth, &realm, &request.id).await?;
    let last = shown(auth, &realm, user.clone(), false).await?;
    let mut event = auth.event(&realm, "user.deleted", &cause);
    event.user_id = Some(user.id.clone());
    let work = Work::EndSessions {
        realm_id: user.realm_id.clone(),
        user_id: Some(user.id.clone()),
        keep: None,
        // Also one that is opened at this moment.
        opened_by_ms: None,
    };
    let task = Task { work, cause }.row(&auth.ids, auth.clock.now_ms())?;
    let gone = auth
        .store
        .remove_user(user.realm_id, user.id, task.clone(), auth.store.holder(), vec![event]);
    gone.await?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    at_once(auth, task).await;
    Ok(last)
}
