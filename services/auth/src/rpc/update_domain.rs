//! `PUT /v2/domains/:id` (contract 3.10).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Domain, UpdateDomainRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::{Error, taken};
use crate::rules::{certificate, domain};
use crate::service::Auth;

/// Changes what was sent of a domain, a certificate of its own included. It holds at the next request and the next handshake.
pub(crate) async fn update_domain(auth: &Auth, call: &Call, request: UpdateDomainRequest) -> Result<Domain, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    let found = auth.store.find_domain(realm.clone(), request.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::domain_input(request.domain.unwrap_or_default());
    let now = auth.clock.now_ms();
    let uploaded = input.certificate.clone();
    let mut patch = domain::change(input, &old, &auth.login_domain, now)?;
    let name = patch.fqdn.as_deref().unwrap_or(&old.fqdn);
    // Another name is proven anew, and gets its certificate then.
    let proven = patch.fqdn.is_none() && old.domain.is_some() && old.dns_state == domain::VERIFIED;
    let due_at = proven.then(|| auth.certificates.due_at(now)).flatten();
    let renamed = patch.fqdn.is_some();
    let change = certificate::change(uploaded, old.domain.is_some(), renamed, name, (now, due_at))?;
    let (certificate, held) = change.parts();
    patch.certificate = certificate;
    let sealed = auth.sealed_certificate(&old.id, held.as_ref())?;
    let field = if old.domain.is_some() { "domain" } else { "subdomain" };
    let set = auth.store.set_domain(realm, old.id, patch, sealed).await;
    let row = set.map_err(taken("fqdn", field))?;
    auth.certificates.wake();
    Ok(auth.shown_domain(row.ok_or(Reason::NotFound)?))
}
