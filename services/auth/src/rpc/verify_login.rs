//! `POST /v2/login/verify` (contract 2.4).

use gantry_proto::auth::v2::VerifyLoginRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::factor;
use crate::service::Auth;
use crate::store::UserRow;

/// Finishes a login with the second factor, at the realm's own host. The org is the one asked for now, else with the password.
pub(crate) async fn verify_login(auth: &Auth, call: &Call, request: VerifyLoginRequest) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let (token, code) = (request.token.unwrap_or_default(), request.code.unwrap_or_default());
    let known = |user: &UserRow| call.read_by(user.locale.as_deref());
    let passed = factor::finish(auth, &cause, &realm, (&token, &code), known).await?;
    let account = request.account.filter(|account| !account.is_empty()).or(passed.account);
    sign_in::loginrocket_session(auth, call, &cause, &realm, passed.user, account.as_deref()).await
}
