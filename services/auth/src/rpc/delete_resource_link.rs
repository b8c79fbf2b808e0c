//! `DELETE /v2/resource_links/:id` (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteResourceLinkRequest, ResourceLink};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Removes a resource link and shows its last state.
pub(crate) async fn delete_resource_link(
    auth: &Auth,
    call: &Call,
    request: DeleteResourceLinkRequest,
) -> Result<ResourceLink, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let gone = auth.store.remove_resource_link(realm.into_string(), request.id).await?;
    Ok(convert::resource_link(gone.ok_or(Reason::NotFound)?))
}
