//! `POST /v2/named_permissions` (contract 3.13).

use gantry_kernel::NamedPermissionId;
use gantry_proto::auth::v2::{CreateNamedPermissionRequest, NamedPermission};
use gantry_rpc::Call;

use super::realm_of;
use crate::convert;
use crate::error::{Error, taken};
use crate::rules::named_permission;
use crate::service::Auth;

/// Adds a named permission; a conflict when the realm has as many as it may.
pub(crate) async fn create_named_permission(
    auth: &Auth,
    call: &Call,
    request: CreateNamedPermissionRequest,
) -> Result<NamedPermission, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let input = convert::named_permission_input(request.named_permission.unwrap_or_default());
    let id: NamedPermissionId = auth.ids.id();
    let row = named_permission::new(input, &id, &realm, auth.clock.now_ms())?;
    let added = auth.store.add_named_permission(row.clone()).await;
    added.map_err(taken("permission", "permission"))?;
    Ok(convert::named_permission(row))
}
