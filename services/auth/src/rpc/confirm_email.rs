//! `POST /v2/email/verify` (contract 2.4).

use gantry_proto::auth::v2::ConfirmEmailRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in::okay;
use super::verify_email::confirm;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Marks an address as verified, or moves its user there. Event: `user.email.verified`.
pub(crate) async fn confirm_email(
    auth: &Auth,
    call: &Call,
    request: ConfirmEmailRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let text = request.token.unwrap_or_default();
    confirm(auth, &cause, &realm, text.trim()).await?;
    Ok(okay())
}
