//! `DELETE /v2/passkeys/:id` (ADR 11).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::DeletePasskeyRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::service::Auth;

/// Ends a passkey of whoever is signed in. Event: `user.updated`.
pub(crate) async fn delete_passkey(
    auth: &Auth,
    call: &Call,
    request: DeletePasskeyRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let (held, _) = Held::of(auth, call, &realm).await?;
    let mut event = auth.event(&realm, "user.updated", &cause);
    event.user_id = Some(held.user_id.clone());
    let (user, holder) = (held.user_id.clone(), auth.store.holder());
    let removed = auth
        .store
        .remove_passkey(realm.into_string(), user, request.id, holder, vec![event]);
    if !removed.await? {
        return Err(Reason::NotFound.into());
    }
    auth.relay.wake();
    Ok(okay())
}
