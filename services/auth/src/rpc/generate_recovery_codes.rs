//! `POST /v2/users/:id/generate_recovery_codes`, which the vendor does not have (docs/API-DESIGN.md).

use gantry_kernel::{Problem, Reason};
use gantry_proto::auth::v2::{GenerateRecoveryCodesRequest, RecoveryCodes};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::{login, recovery};
use crate::service::Auth;

/// Gives a user recovery codes, each of which stands in once for a second factor; those from before are worth nothing any more.
pub(crate) async fn generate_recovery_codes(
    auth: &Auth,
    call: &Call,
    request: GenerateRecoveryCodesRequest,
) -> Result<RecoveryCodes, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    convert::input::cause(call, request.request.as_ref())?;
    let found = login::find(auth, &realm, &request.id).await?.ok_or(Reason::NotFound)?;
    if !found.second_factor {
        return Err(Problem::field("user_id", "no_second_factor").into());
    }
    let user = found.user.id;
    let (codes, rows) = recovery::fresh(&*auth.rng, &realm, &user, auth.clock.now_ms());
    auth.store.put_recovery_codes(user.clone(), rows).await?;
    Ok(RecoveryCodes {
        object: "recovery_codes".to_owned(),
        user_id: user,
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
    })
}
