//! `POST /v2/users/reset_password_with_token` (contract 3.2).

use gantry_proto::auth::v2::{Authenticated, ResetPasswordWithTokenRequest};
use gantry_rpc::Call;

use super::new_password_by_token::{Sent, set};
use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Sets a new password for whoever holds a token, ends all sessions that there are, and opens a new one, or asks for the second factor.
/// Events: `user.password.updated`, `session.deleted` for each session, `user.login.succeeded`.
pub(crate) async fn reset_password_with_token(
    auth: &Auth,
    call: &Call,
    request: ResetPasswordWithTokenRequest,
) -> Result<Authenticated, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let input = request.user.unwrap_or_default();
    let sent = Sent {
        token: input.token,
        password: input.password,
        password_confirmation: input.password_confirmation,
        twice: None,
    };
    let known = set(auth, call, &cause, &realm, sent).await?;
    sign_in::core(auth, call, &cause, &realm, known, false).await
}
