//! The certificates of custom domains; asked by gateways when a client asks for a name that none of their files is for.

use std::collections::HashMap;

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{FindCertificatesRequest, FindCertificatesResponse, FoundCertificate, WantedCertificate};
use gantry_rpc::Call;

use crate::error::Error;
use crate::rules::certificate::{CHALLENGE, SERVED, purpose};
use crate::service::Auth;
use crate::store::StoredCertificate;

/// Certificates that are asked for at the most.
const MOST: usize = 256;

/// Tells for each name what there is, and opens what the gateway does not have yet.
pub(crate) async fn find_certificates(
    auth: &Auth,
    _: &Call,
    request: FindCertificatesRequest,
) -> Result<FindCertificatesResponse, Error> {
    if request.wanted.len() > MOST {
        return Err(Reason::Malformed.into());
    }
    let names = request.wanted.iter().map(|wanted| wanted.name.clone()).collect();
    let rows = auth.store.find_certificates(names).await?;
    let rows: HashMap<_, _> = rows
        .iter()
        .map(|row| ((row.fqdn.as_str(), row.kind.as_str()), row))
        .collect();
    let found = request.wanted.iter().map(|wanted| {
        let kind = if wanted.challenge { CHALLENGE } else { SERVED };
        let row = rows.get(&(wanted.name.as_str(), kind));
        row.and_then(|row| opened(auth, wanted, row)).unwrap_or_default()
    });
    Ok(FindCertificatesResponse { found: found.collect() })
}

fn opened(auth: &Auth, wanted: &WantedCertificate, row: &StoredCertificate) -> Option<FoundCertificate> {
    let version = match wanted.challenge {
        // Used once: nobody keeps it.
        true => CHALLENGE.to_owned(),
        false => row.version.clone()?,
    };
    if version == wanted.version {
        return Some(FoundCertificate {
            version,
            pem: String::new(),
        });
    }
    let bytes = auth.vault.open(purpose(&row.kind), &row.domain_id, &row.sealed);
    if bytes.is_none() {
        tracing::error!(
            domain = row.domain_id,
            "a certificate was sealed with another secret key"
        );
    }
    let pem = String::from_utf8(bytes?.to_vec()).ok()?;
    Some(FoundCertificate { version, pem })
}
