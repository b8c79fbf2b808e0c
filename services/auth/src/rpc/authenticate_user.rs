//! `POST /v2/users/:id/authenticate` (contract 3.2).

use gantry_kernel::{RealmId, Reason, Secret};
use gantry_proto::auth::v2::AuthenticateUserRequest;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{OpenSessionRequest, SessionRecord};
use gantry_rpc::{Call, expands, internal};

use super::get_user::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::describe::{Orgs, describe};
use crate::rules::login;
use crate::service::Auth;
use crate::store::UserRow;

/// Checks a user's password for a back end, and opens a session.
pub(crate) async fn authenticate_user(
    auth: &Auth,
    call: &Call,
    request: AuthenticateUserRequest,
) -> Result<SessionRecord, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let expand = expands(&request.expand, &["memberships"])?;
    // A back end may learn that a user does not exist (contract 3.2); a browser may not.
    let found = login::find(auth, &realm, &request.id).await?.ok_or(Reason::NotFound)?;
    let password = Secret::new(request.user.unwrap_or_default().password.unwrap_or_default());
    let user = login::check_found(auth, &cause, &realm, &request.id, Some(found), &password).await?;
    let with_memberships = expand.iter().any(|e| e == "memberships");
    open(auth, call, &cause, &realm, user, with_memberships).await
}

/// Opens a session for a user who has shown who they are, notes the login down, and shows both.
pub(super) async fn open(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    mut user: UserRow,
    with_memberships: bool,
) -> Result<SessionRecord, Error> {
    let profile = describe(auth, cause, realm, &user, Orgs::All).await?;
    let open = OpenSessionRequest {
        profile: Some(convert::profile(profile)),
        request: Some(convert::request_info(cause)),
    };
    let mut inner = call.clone();
    realm.as_str().clone_into(&mut inner.caller.realm_id);
    let opened = SessionClient::new(auth.session.clone())
        .open_session(internal(open, &inner))
        .await?
        .into_inner();
    let mut session = opened.session.ok_or(Reason::Internal)?;
    let at = login::succeeded(auth, cause, realm, &user.id, &session.id).await?;
    // The user is shown as this login left them.
    user.last_login_at = Some(at);
    session.user = Some(shown(auth, realm, user, with_memberships).await?);
    Ok(session)
}
