//! `POST /v2/domains/:id/verify` (contract 3.10).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Domain, VerifyDomainRequest};
use gantry_rpc::Call;

use crate::error::Error;
use crate::rules::{certificate, domain};
use crate::service::Auth;

/// Looks for the record that proves a custom domain, and says what was found; a proven one serves from the next request on, one
/// whose record is gone no longer. An automatic one needs no proof. Where an authority gives certificates, a proven one gets its own.
pub(crate) async fn verify_domain(auth: &Auth, call: &Call, request: VerifyDomainRequest) -> Result<Domain, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    let found = auth.store.find_domain(realm, request.id).await?;
    let row = found.ok_or(Reason::NotFound)?;
    let Some((name, value)) = domain::proof(&row) else {
        return Ok(auth.shown_domain(row));
    };
    let texts = auth.dns.texts(&name).await.map_err(|_away| Reason::Unavailable)?;
    let state = domain::judged(texts.iter().any(|text| text.trim() == value));
    let now = auth.clock.now_ms();
    let due_at = match state == domain::VERIFIED {
        // Whoever no longer proves a name gets no certificate for it.
        false => None,
        true if certificate::is_missing(&row) => auth.certificates.due_at(now),
        true => row.cert_due_at,
    };
    let judged = auth.store.judge_domain(row, state.to_owned(), due_at, now).await?;
    auth.certificates.wake();
    Ok(auth.shown_domain(judged.ok_or(Reason::NotFound)?))
}
