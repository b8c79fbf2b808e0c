//! `GET /v2/resource_links/:id` (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{GetResourceLinkRequest, ResourceLink};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Reads one resource link.
pub(crate) async fn get_resource_link(
    auth: &Auth,
    call: &Call,
    request: GetResourceLinkRequest,
) -> Result<ResourceLink, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let found = auth.store.find_resource_link(realm.into_string(), request.id).await?;
    Ok(convert::resource_link(found.ok_or(Reason::NotFound)?))
}
