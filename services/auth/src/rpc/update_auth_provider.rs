//! `PUT /v2/auth_providers/:id` (contract 3.8).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{AuthProvider, UpdateAuthProviderRequest};
use gantry_rpc::Call;

use super::create_auth_provider::sealed;
use super::get_auth_provider::find;
use crate::convert;
use crate::error::Error;
use crate::rules::provider;
use crate::service::Auth;

/// Changes the settings that were sent; the next login goes by them.
pub(crate) async fn update_auth_provider(
    auth: &Auth,
    call: &Call,
    request: UpdateAuthProviderRequest,
) -> Result<AuthProvider, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let old = find(auth, &realm, &request.id).await?;
    let input = convert::auth_provider_input(request.auth_provider.unwrap_or_default());
    let change = provider::change(input, old, auth.providers, auth.clock.now_ms())?;
    let row = sealed(auth, change)?;
    if !auth.store.set_provider(row.clone()).await? {
        return Err(Reason::NotFound.into());
    }
    Ok(convert::auth_provider(row))
}
