//! `POST /v2/users/authenticate_token`, and with the user in the path (contract 3.2).

use gantry_proto::auth::v2::{AuthenticateTokenRequest, Authenticated};
use gantry_rpc::{Call, expands};

use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::factor;
use crate::service::Auth;
use crate::store::UserRow;

/// Finishes a login with the second factor, and opens a session.
pub(crate) async fn authenticate_token(
    auth: &Auth,
    call: &Call,
    request: AuthenticateTokenRequest,
) -> Result<Authenticated, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let expand = expands(&request.expand, &["memberships"])?;
    let input = request.user.unwrap_or_default();
    let (token, code) = (input.token.unwrap_or_default(), input.code.unwrap_or_default());
    if let Some(who) = &request.id {
        factor::is_of(auth, &realm, &token, who).await?;
    }
    let known = |user: &UserRow| call.read_by(user.locale.as_deref());
    let passed = factor::finish(auth, &cause, &realm, (&token, &code), known).await?;
    let with_memberships = expand.has("memberships");
    let session = sign_in::core_session(auth, call, &cause, &realm, passed.user, with_memberships).await?;
    Ok(Authenticated {
        session: Some(session),
        token: None,
    })
}
