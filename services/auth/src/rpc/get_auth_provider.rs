//! `GET /v2/auth_providers/:id` (contract 3.8).

use gantry_kernel::{RealmId, Reason};
use gantry_proto::auth::v2::{AuthProvider, GetAuthProviderRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;
use crate::store::ProviderRow;

/// Reads one auth provider by id or by type.
pub(crate) async fn get_auth_provider(
    auth: &Auth,
    call: &Call,
    request: GetAuthProviderRequest,
) -> Result<AuthProvider, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    Ok(convert::auth_provider(find(auth, &realm, &request.id).await?))
}

/// Finds a realm's auth provider by id or by type.
pub(crate) async fn find(auth: &Auth, realm: &RealmId, named: &str) -> Result<ProviderRow, Error> {
    let found = auth
        .store
        .find_provider(realm.as_str().to_owned(), named.to_owned())
        .await?;
    Ok(found.ok_or(Reason::NotFound)?)
}
