//! `POST /v2/domains/:id/verify` (contract 3.10).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Domain, VerifyDomainRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::domain;
use crate::service::Auth;

/// Looks for the record that proves a custom domain, and says what was found; a proven one serves from the next request on, one
/// whose record is gone no longer. An automatic one needs no proof.
pub(crate) async fn verify_domain(auth: &Auth, call: &Call, request: VerifyDomainRequest) -> Result<Domain, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    let found = auth.store.find_domain(realm, request.id).await?;
    let row = found.ok_or(Reason::NotFound)?;
    let Some((name, value)) = domain::proof(&row) else {
        return Ok(convert::domain(row));
    };
    let texts = auth.dns.texts(&name).await.map_err(|_away| Reason::Unavailable)?;
    let state = domain::judged(texts.iter().any(|text| text.trim() == value));
    let judged = auth
        .store
        .judge_domain(row, state.to_owned(), auth.clock.now_ms())
        .await?;
    Ok(convert::domain(judged.ok_or(Reason::NotFound)?))
}
