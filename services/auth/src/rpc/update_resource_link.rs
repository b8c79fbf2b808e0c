//! `PUT /v2/resource_links/:id` (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{ResourceLink, UpdateResourceLinkRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::resource_link;
use crate::service::Auth;

/// Changes what was sent of a resource link.
pub(crate) async fn update_resource_link(
    auth: &Auth,
    call: &Call,
    request: UpdateResourceLinkRequest,
) -> Result<ResourceLink, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    // Before its fields are looked at: who may not see it hears nothing of them.
    let found = auth.store.find_resource_link(realm.clone(), request.id.clone()).await?;
    found.ok_or(Reason::NotFound)?;
    let input = convert::resource_link_input(request.resource_link.unwrap_or_default());
    let patch = resource_link::change(input, auth.clock.now_ms())?;
    let row = auth.store.set_resource_link(realm, request.id, patch).await?;
    Ok(convert::resource_link(row.ok_or(Reason::NotFound)?))
}
