//! `POST /v2/password/reset` (contract 2.4).

use gantry_proto::auth::v2::ResetPasswordRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::new_password_by_token::{Sent, set};
use super::{given, settings_of, sign_in};
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Sets a new password for whoever holds the token of the mail, ends all their sessions, and signs them in. Events:
/// `user.password.updated`, `session.deleted` for each session, `user.login.succeeded`.
pub(crate) async fn reset_password(
    auth: &Auth,
    call: &Call,
    request: ResetPasswordRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let settings = settings_of(auth, &realm).await?;
    let sent = Sent {
        token: request.token,
        password: request.password,
        password_confirmation: request.password_confirmation,
        twice: Some(&settings),
    };
    let known = set(auth, call, &cause, &realm, sent).await?;
    let account = given(request.account);
    sign_in::loginrocket(auth, call, &cause, &realm, known, account.as_deref()).await
}
