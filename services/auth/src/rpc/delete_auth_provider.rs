//! `DELETE /v2/auth_providers/:id` (contract 3.8).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{AuthProvider, DeleteAuthProviderRequest};
use gantry_rpc::Call;

use super::get_auth_provider::find;
use crate::convert;
use crate::error::Error;
use crate::rules::provider;
use crate::service::Auth;

/// Removes an external provider, and with it what ties users to it. Passwords and one-time codes stay: without their provider
/// everybody's would be gone; to end them, switch the provider off.
pub(crate) async fn delete_auth_provider(
    auth: &Auth,
    call: &Call,
    request: DeleteAuthProviderRequest,
) -> Result<AuthProvider, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let row = find(auth, &realm, &request.id).await?;
    if !provider::is_external(&row.provider_type) {
        return Err(Reason::Conflict.into());
    }
    if !auth.store.remove_provider(realm.into_string(), row.id.clone()).await? {
        return Err(Reason::NotFound.into());
    }
    Ok(convert::auth_provider(row))
}
