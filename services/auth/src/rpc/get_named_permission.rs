//! `GET /v2/named_permissions/:id` (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{GetNamedPermissionRequest, NamedPermission};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Reads one named permission.
pub(crate) async fn get_named_permission(
    auth: &Auth,
    call: &Call,
    request: GetNamedPermissionRequest,
) -> Result<NamedPermission, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let found = auth
        .store
        .find_named_permission(realm.into_string(), request.id)
        .await?;
    Ok(convert::named_permission(found.ok_or(Reason::NotFound)?))
}
