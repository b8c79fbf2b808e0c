//! `POST /v2/login` (contract 2.4).

use gantry_kernel::{Problem, Secret, Violation};
use gantry_proto::auth::v2::LoginRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::login as rule;
use crate::service::Auth;

/// Signs a user in with a password, at the realm's own host.
pub(crate) async fn login(auth: &Auth, call: &Call, request: LoginRequest) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let who = sign_in::named([request.email, request.username, request.id]).unwrap_or_default();
    let password = Secret::new(request.password.unwrap_or_default());
    let mut missing = Vec::new();
    if who.is_empty() {
        missing.push(Violation::new("email", "required"));
    }
    if password.is_empty() {
        missing.push(Violation::new("password", "required"));
    }
    if !missing.is_empty() {
        return Err(Problem::invalid(missing).into());
    }
    let known = rule::check_password(auth, &cause, &realm, &who, &password).await?;
    sign_in::loginrocket(auth, call, &cause, &realm, known, request.account.as_deref()).await
}
