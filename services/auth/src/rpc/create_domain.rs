//! `POST /v2/domains` (contract 3.10).

use gantry_kernel::DomainId;
use gantry_proto::auth::v2::{CreateDomainRequest, Domain};
use gantry_rpc::Call;

use super::realm_of;
use crate::convert;
use crate::error::{Error, taken};
use crate::rules::{certificate, domain};
use crate::service::Auth;

/// Tries to find a free automatic name.
const TRIES: usize = 8;

/// Adds a domain; without a name one is made up. It answers at the next request, a custom one once it is proven.
pub(crate) async fn create_domain(auth: &Auth, call: &Call, request: CreateDomainRequest) -> Result<Domain, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let input = convert::domain_input(request.domain.unwrap_or_default());
    let automatic = input.is_automatic();
    for left in (0..TRIES).rev() {
        let id: DomainId = auth.ids.id();
        let mut row = domain::new(
            input.clone(),
            &id,
            &realm,
            &auth.login_domain,
            &*auth.rng,
            auth.clock.now_ms(),
        )?;
        let (custom, at) = (row.domain.is_some(), (row.created_at, None));
        let change = certificate::change(input.certificate.clone(), custom, false, &row.fqdn, at)?;
        let (patch, held) = change.parts();
        patch.unwrap_or_default().apply(&mut row);
        let sealed = auth.sealed_certificate(&row.id, held.as_ref())?;
        match auth.store.add_domain(row.clone(), sealed).await {
            Ok(()) => return Ok(auth.shown_domain(row)),
            Err(error) if automatic && left > 0 && error.is_duplicate("fqdn") => {}
            Err(error) => {
                let field = if row.domain.is_some() { "domain" } else { "subdomain" };
                return Err(taken("fqdn", field)(error));
            }
        }
    }
    Err(gantry_kernel::Reason::Conflict.into())
}
