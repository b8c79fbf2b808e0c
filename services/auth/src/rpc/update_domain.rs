//! `PUT /v2/domains/:id` (contract 3.10).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Domain, UpdateDomainRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::{Error, taken};
use crate::rules::domain;
use crate::service::Auth;

/// Changes what was sent of a domain. It holds at the next request.
pub(crate) async fn update_domain(auth: &Auth, call: &Call, request: UpdateDomainRequest) -> Result<Domain, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    let found = auth.store.find_domain(realm.clone(), request.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::domain_input(request.domain.unwrap_or_default());
    let patch = domain::change(input, &old, &auth.login_domain, auth.clock.now_ms())?;
    let field = if old.domain.is_some() { "domain" } else { "subdomain" };
    let set = auth.store.set_domain(realm, old.id, patch).await;
    let row = set.map_err(taken("fqdn", field))?;
    Ok(convert::domain(row.ok_or(Reason::NotFound)?))
}
