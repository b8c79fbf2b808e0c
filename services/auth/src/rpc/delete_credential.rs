//! `DELETE /v2/credentials/:id` (contract 3.7).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Credential, DeleteCredentialRequest};
use gantry_rpc::Call;

use super::get_credential::find;
use crate::convert;
use crate::error::Error;
use crate::rules::provider::PASSKEY;
use crate::service::Auth;

/// Removes a credential, also the only one. Event, for a passkey: `user.updated`.
pub(crate) async fn delete_credential(
    auth: &Auth,
    call: &Call,
    request: DeleteCredentialRequest,
) -> Result<Credential, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let row = find(auth, &realm, &request.id).await?;
    let mut events = Vec::new();
    if row.credential_type == PASSKEY {
        let mut event = auth.event(&realm, "user.updated", &cause);
        event.user_id = Some(row.user_id.clone());
        events.push(event);
    }
    let removed = auth
        .store
        .remove_credential(realm.into_string(), row.id.clone(), auth.store.holder(), events);
    if !removed.await? {
        return Err(Reason::NotFound.into());
    }
    auth.relay.wake();
    Ok(convert::credential(row))
}
