//! `DELETE /v2/named_permissions/:id` (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteNamedPermissionRequest, NamedPermission};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Removes a named permission and shows its last state.
pub(crate) async fn delete_named_permission(
    auth: &Auth,
    call: &Call,
    request: DeleteNamedPermissionRequest,
) -> Result<NamedPermission, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let gone = auth
        .store
        .remove_named_permission(realm.into_string(), request.id)
        .await?;
    Ok(convert::named_permission(gone.ok_or(Reason::NotFound)?))
}
