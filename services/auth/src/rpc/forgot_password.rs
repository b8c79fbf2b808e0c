//! `POST /v2/password/forgot` (contract 2.4).

use gantry_kernel::Problem;
use gantry_proto::auth::v2::ForgotPasswordRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in::{named, okay};
use crate::convert;
use crate::error::Error;
use crate::on_request::ask;
use crate::rules::task::Work;
use crate::service::Auth;

/// Has a mail sent with which whoever goes by a name sets a new password. Event, where there is such a user:
/// `user.password.resetting`.
pub(crate) async fn forgot_password(
    auth: &Auth,
    call: &Call,
    request: ForgotPasswordRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let who = named([request.email, request.username, request.id]);
    let who = who.ok_or_else(|| Problem::field("email", "required"))?;
    auth.throttle.mail(&realm, &who).await?;
    let work = Work::ResetPassword {
        realm_id: realm.into_string(),
        who,
    };
    ask(auth, &cause, work).await?;
    Ok(okay())
}
