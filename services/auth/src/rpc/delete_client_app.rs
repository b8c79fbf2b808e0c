//! `DELETE /v2/client_apps/:id` (contract 3.9).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{ClientApp, DeleteClientAppRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Removes a client app and shows its last state. A realm without an active one serves nobody from the next request on.
pub(crate) async fn delete_client_app(
    auth: &Auth,
    call: &Call,
    request: DeleteClientAppRequest,
) -> Result<ClientApp, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let gone = auth.store.remove_client_app(realm.into_string(), request.id).await?;
    Ok(convert::client_app(gone.ok_or(Reason::NotFound)?, None))
}
