//! `POST /v2/credentials/:id/verify` (contract 3.7).

use gantry_kernel::Problem;
use gantry_proto::auth::v2::{Credential, VerifyCredentialRequest};
use gantry_rpc::Call;

use super::get_auth_provider;
use super::get_credential::find;
use crate::convert;
use crate::error::Error;
use crate::rules::factor;
use crate::service::Auth;

/// Checks a code of an authenticator app; the first right one makes it count. The code is used up.
pub(crate) async fn verify_credential(
    auth: &Auth,
    call: &Call,
    request: VerifyCredentialRequest,
) -> Result<Credential, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    convert::input::cause(call, request.request.as_ref())?;
    let row = find(auth, &realm, &request.id).await?;
    if row.credential_type != "totp" {
        return Err(Problem::field("credential_type", "nothing_to_verify").into());
    }
    let provider = get_auth_provider::find(auth, &realm, &row.auth_provider_id).await?;
    if provider.state != "active" {
        return Err(Problem::field("auth_provider_id", "provider_inactive").into());
    }
    let attempt = factor::attempt(auth, &realm, &row.user_id).await?;
    let code = request.credential.unwrap_or_default().code.unwrap_or_default();
    let step = factor::step_of(auth, &row, &code).ok_or_else(factor::wrong)?;
    let now = auth.clock.now_ms();
    let row = auth
        .store
        .activate_credential(realm.into_string(), row.id, step, now)
        .await?;
    auth.throttle.right(attempt).await;
    Ok(convert::credential(row))
}
