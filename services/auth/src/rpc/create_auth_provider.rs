//! `POST /v2/auth_providers` (contract 3.8).

use gantry_kernel::{ProviderId, Reason, Secret};
use gantry_proto::auth::v2::{AuthProvider, CreateAuthProviderRequest};
use gantry_rpc::Call;

use super::realm_of;
use crate::convert;
use crate::error::{Error, taken};
use crate::rules::provider::{self, Change};
use crate::service::Auth;
use crate::store::ProviderRow;

/// Seals the secret by which Gantry is known to an external provider, with the provider's id.
pub(crate) const CLIENT_SECRET: gantry_seal::Purpose = gantry_seal::Purpose::new("provider client secret");

/// Adds an auth provider; it counts at once.
pub(crate) async fn create_auth_provider(
    auth: &Auth,
    call: &Call,
    request: CreateAuthProviderRequest,
) -> Result<AuthProvider, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let input = convert::auth_provider_input(request.auth_provider.unwrap_or_default());
    let id: ProviderId = auth.ids.id();
    let change = provider::new(input, &id, &realm, auth.providers, auth.clock.now_ms())?;
    let row = sealed(auth, change)?;
    let added = auth.store.add_provider(row.clone()).await;
    added.map_err(taken("provider_type", "provider_type"))?;
    Ok(convert::auth_provider(row))
}

/// The provider with a new client's secret in it, sealed.
pub(crate) fn sealed(auth: &Auth, change: Change) -> Result<ProviderRow, Error> {
    let Change { mut row, secret } = change;
    if let Some(secret) = secret {
        row.client_secret = secret.map(|secret| seal(auth, &row.id, &secret)).transpose()?;
    }
    Ok(row)
}

fn seal(auth: &Auth, id: &str, secret: &Secret) -> Result<String, Error> {
    let sealed = auth
        .vault
        .seal(CLIENT_SECRET, id, secret.expose().as_bytes(), &*auth.rng);
    Ok(sealed.ok_or(Reason::Internal)?)
}
