//! `GET /v2/domains/:id` (contract 3.10).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Domain, GetDomainRequest};
use gantry_rpc::Call;

use crate::error::Error;
use crate::service::Auth;

/// Reads one domain.
pub(crate) async fn get_domain(auth: &Auth, call: &Call, request: GetDomainRequest) -> Result<Domain, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let found = auth.store.find_domain(realm.into_string(), request.id).await?;
    Ok(auth.shown_domain(found.ok_or(Reason::NotFound)?))
}
