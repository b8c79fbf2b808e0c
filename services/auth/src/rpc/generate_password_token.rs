//! `POST /v2/users/:id/generate_password_token` (contract 3.2).

use gantry_proto::auth::v2::{GeneratePasswordTokenRequest, Token};
use gantry_rpc::Call;

use super::user_of;
use crate::convert;
use crate::error::Error;
use crate::on_request;
use crate::rules::user;
use crate::service::Auth;

/// Makes a token with which a user sets a new password. Event: `user.password.resetting`.
pub(crate) async fn generate_password_token(
    auth: &Auth,
    call: &Call,
    request: GeneratePasswordTokenRequest,
) -> Result<Token, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let user = user_of(auth, &realm, &request.id).await?;
    user::must_be_active(&user)?;
    let token = on_request::password_token(auth, &cause, &realm, &user).await?;
    Ok(convert::token(user.id, &token))
}
