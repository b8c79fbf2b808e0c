//! `POST /v2/login/email` (ADR 13).

use gantry_kernel::Problem;
use gantry_proto::auth::v2::StartEmailLoginRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::settings_of;
use super::sign_in::named;
use crate::convert;
use crate::error::Error;
use crate::rules::email_login;
use crate::service::Auth;

/// Has a mail sent with which whoever goes by a name signs in. Event, where there is such a user: `user.login.requested`.
pub(crate) async fn start_email_login(
    auth: &Auth,
    call: &Call,
    request: StartEmailLoginRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let settings = settings_of(auth, &realm).await?;
    let who = named([request.email, request.username, request.id]);
    let who = who.ok_or_else(|| Problem::field("email", "required"))?;
    let handle = email_login::begin(auth, &cause, &realm, &settings, who).await?;
    Ok(LoginResult {
        // Not `okay`, with which clients take a token to be a mistake (contract 2.2).
        result: "login_requested".to_owned(),
        token: handle.map(|handle| handle.expose().to_owned()),
        ..LoginResult::default()
    })
}
