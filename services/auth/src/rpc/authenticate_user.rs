//! `POST /v2/users/:id/authenticate` (contract 3.2).

use gantry_kernel::{Reason, Secret};
use gantry_proto::auth::v2::{AuthenticateUserRequest, Authenticated};
use gantry_rpc::{Call, expands};

use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::login;
use crate::service::Auth;

/// Checks a user's password for a back end, and opens a session, or asks for the second factor.
pub(crate) async fn authenticate_user(
    auth: &Auth,
    call: &Call,
    request: AuthenticateUserRequest,
) -> Result<Authenticated, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let expand = expands(&request.expand, &["memberships"])?;
    // A back end may learn that a user does not exist (contract 3.2); a browser may not.
    let found = login::find(auth, &realm, &request.id).await?.ok_or(Reason::NotFound)?;
    let password = Secret::new(request.user.unwrap_or_default().password.unwrap_or_default());
    let known = login::check_found(auth, &cause, &realm, &request.id, Some(found), &password).await?;
    let with_memberships = expand.has("memberships");
    sign_in::core(auth, call, &cause, &realm, known, with_memberships).await
}
