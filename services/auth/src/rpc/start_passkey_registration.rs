//! `POST /v2/passkeys/register/start` (ADR 11).

use gantry_proto::auth::v2::{PasskeyCeremony, StartPasskeyRegistrationRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::rules::passkey;
use crate::service::Auth;

/// Begins to add a passkey to whoever is signed in.
pub(crate) async fn start_passkey_registration(
    auth: &Auth,
    call: &Call,
    _request: StartPasskeyRegistrationRequest,
) -> Result<PasskeyCeremony, Error> {
    let realm = call.realm(None)?;
    let (held, found) = Held::of(auth, call, &realm).await?;
    let begun = passkey::begin_registration(auth, &realm, &held, &found.user).await?;
    Ok(convert::ceremony(begun))
}
