//! `POST /v2/users/:id/request_email_verification` (contract 3.2).

use gantry_proto::auth::v2::{RequestEmailVerificationRequest, Token};
use gantry_rpc::Call;

use super::user_of;
use crate::convert;
use crate::error::Error;
use crate::rules::token::{Purpose, fresh};
use crate::rules::user;
use crate::service::Auth;

/// Makes a token with which a user shows that their address is theirs. Event: `user.email.verifying`.
pub(crate) async fn request_email_verification(
    auth: &Auth,
    call: &Call,
    request: RequestEmailVerificationRequest,
) -> Result<Token, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let user = user_of(auth, &realm, &request.id).await?;
    user::must_be_active(&user)?;
    let token = fresh(
        &*auth.rng,
        Purpose::VerifyEmail,
        &user,
        &user.email,
        auth.clock.now_ms(),
    );
    let mut event = auth.event(&realm, "user.email.verifying", &cause);
    event.user_id = Some(user.id.clone());
    let events = vec![auth.with_token(event, token.text.expose())?];
    auth.store
        .add_verification(token.row, auth.store.holder(), events)
        .await?;
    auth.relay.wake();
    Ok(convert::token(user.id, &token.text))
}
