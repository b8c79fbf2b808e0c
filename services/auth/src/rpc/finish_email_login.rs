//! `POST /v2/login/email/verify` (ADR 13).

use gantry_kernel::{Problem, Secret};
use gantry_proto::auth::v2::FinishEmailLoginRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::{given, settings_of, sign_in};
use crate::convert;
use crate::error::Error;
use crate::rules::email_login;
use crate::service::Auth;

/// Signs a user in by the link or the code of a mail, at the realm's own host. Where nothing showed before that the address is theirs,
/// this does, and whatever was left by whoever made the account is gone. Events: `user.email.verified` and `session.deleted` then,
/// `user.login.succeeded`.
pub(crate) async fn finish_email_login(
    auth: &Auth,
    call: &Call,
    request: FinishEmailLoginRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let settings = settings_of(auth, &realm).await?;
    let token = Secret::new(request.token.unwrap_or_default());
    let code = Secret::new(request.code.unwrap_or_default());
    if token.expose().trim().is_empty() {
        return Err(Problem::field("token", "required").into());
    }
    let known = email_login::finish(auth, &cause, &realm, &settings, &token, &code).await?;
    let account = given(request.account);
    sign_in::loginrocket(auth, call, &cause, &realm, known, account.as_deref()).await
}
