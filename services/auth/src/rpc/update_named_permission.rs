//! `PUT /v2/named_permissions/:id` (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{NamedPermission, UpdateNamedPermissionRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::{Error, taken};
use crate::rules::named_permission;
use crate::service::Auth;

/// Changes what was sent of a named permission.
pub(crate) async fn update_named_permission(
    auth: &Auth,
    call: &Call,
    request: UpdateNamedPermissionRequest,
) -> Result<NamedPermission, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    // Before its fields are looked at: who may not see it hears nothing of them.
    let found = auth
        .store
        .find_named_permission(realm.clone(), request.id.clone())
        .await?;
    found.ok_or(Reason::NotFound)?;
    let input = convert::named_permission_input(request.named_permission.unwrap_or_default());
    let patch = named_permission::change(input, auth.clock.now_ms())?;
    let row = auth
        .store
        .set_named_permission(realm, request.id, patch)
        .await
        .map_err(taken("permission", "permission"))?;
    Ok(convert::named_permission(row.ok_or(Reason::NotFound)?))
}
