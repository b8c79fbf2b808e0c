//! `DELETE /v2/credentials/:id` (contract 3.7).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Credential, DeleteCredentialRequest};
use gantry_rpc::Call;

use super::get_credential::find;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Removes a credential, also the only one.
pub(crate) async fn delete_credential(
    auth: &Auth,
    call: &Call,
    request: DeleteCredentialRequest,
) -> Result<Credential, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    convert::input::cause(call, request.request.as_ref())?;
    let row = find(auth, &realm, &request.id).await?;
    if !auth
        .store
        .remove_credential(realm.into_string(), row.id.clone())
        .await?
    {
        return Err(Reason::NotFound.into());
    }
    Ok(convert::credential(row))
}
