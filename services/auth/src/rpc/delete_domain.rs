//! `DELETE /v2/domains/:id` (contract 3.10).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteDomainRequest, Domain};
use gantry_rpc::Call;

use crate::error::Error;
use crate::service::Auth;

/// Removes a domain and shows its last state. The host serves nobody from the next request on, and its name is free.
pub(crate) async fn delete_domain(auth: &Auth, call: &Call, request: DeleteDomainRequest) -> Result<Domain, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let gone = auth.store.remove_domain(realm.into_string(), request.id).await?;
    Ok(auth.shown_domain(gone.ok_or(Reason::NotFound)?))
}
