//! `POST /v2/resource_links` (contract 3.13).

use gantry_kernel::ResourceLinkId;
use gantry_proto::auth::v2::{CreateResourceLinkRequest, ResourceLink};
use gantry_rpc::Call;

use super::realm_of;
use crate::convert;
use crate::error::Error;
use crate::rules::resource_link;
use crate::service::Auth;

/// Adds a resource link; a conflict when the realm has as many as it may.
pub(crate) async fn create_resource_link(
    auth: &Auth,
    call: &Call,
    request: CreateResourceLinkRequest,
) -> Result<ResourceLink, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let input = convert::resource_link_input(request.resource_link.unwrap_or_default());
    let id: ResourceLinkId = auth.ids.id();
    let row = resource_link::new(input, &id, &realm, auth.clock.now_ms())?;
    let added = auth.store.add_resource_link(row.clone()).await;
    added?;
    Ok(convert::resource_link(row))
}
