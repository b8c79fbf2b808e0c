//! `POST /v2/users/verify_email` (contract 3.2).

use gantry_kernel::RealmId;
use gantry_proto::auth::v2::{User, VerifyEmailRequest};
use gantry_rpc::Call;

use super::get_user::shown;
use crate::convert;
use crate::error::{Error, taken};
use crate::rules::cause::Cause;
use crate::rules::token::{Purpose, find, invalid};
use crate::service::Auth;
use crate::store::UserRow;

/// Marks a user's address as verified (`tve:`), or moves the user to their pending address (`tue:`). Event: `user.email.verified`.
pub(crate) async fn verify_email(auth: &Auth, call: &Call, request: VerifyEmailRequest) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let text = request.user.unwrap_or_default().token.unwrap_or_default();
    let user = confirm(auth, &cause, &realm, text.trim()).await?;
    shown(auth, &realm, user, false).await
}

/// What a token of either kind permits.
pub(super) async fn confirm(auth: &Auth, cause: &Cause, realm: &RealmId, text: &str) -> Result<UserRow, Error> {
    let purpose = match Purpose::claimed(text) {
        Some(purpose @ (Purpose::VerifyEmail | Purpose::UpdateEmail)) => purpose,
        _ => return Err(invalid().into()),
    };
    let (token, _) = find(auth, realm, purpose, text).await?;
    let mut event = auth.event(realm, "user.email.verified", cause);
    event.user_id = Some(token.user_id.clone());
    let (now, holder) = (auth.clock.now_ms(), auth.store.holder());
    let user = match purpose {
        Purpose::UpdateEmail => auth.store.move_email(token, now, holder, vec![event]).await,
        _ => auth.store.verify_email(token, now, holder, vec![event]).await,
    };
    let user = user.map_err(taken("email", "email"))?;
    auth.relay.wake();
    Ok(user)
}
