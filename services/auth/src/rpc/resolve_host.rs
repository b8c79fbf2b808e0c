//! The realm that a LoginRocket host belongs to; asked by the gateway.

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{ResolveHostRequest, ResolvedHost};
use gantry_rpc::Call;

use crate::error::Error;
use crate::service::Auth;

/// Finds the realm of a host name, when it serves anybody: an active domain of an active realm with an active client app.
pub(crate) async fn resolve_host(auth: &Auth, _: &Call, request: ResolveHostRequest) -> Result<ResolvedHost, Error> {
    if request.host.is_empty() || request.host.len() > 253 {
        return Err(Reason::NotFound.into());
    }
    let row = auth
        .store
        .find_host(request.host.to_ascii_lowercase())
        .await?
        .ok_or(Reason::NotFound)?;
    Ok(ResolvedHost {
        realm_id: row.realm_id,
        allowed_origins: row.allowed_origins.to_strings(),
        default_locale: row.default_locale,
        available_locales: row.available_locales.to_strings(),
    })
}
