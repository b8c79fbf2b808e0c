//! `POST /v2/login/passkey/start` (ADR 11).

use gantry_proto::auth::v2::{PasskeyCeremony, StartPasskeyLoginRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::passkey;
use crate::service::Auth;

/// Begins to sign in with a passkey; the browser finds whose it is.
pub(crate) async fn start_passkey_login(
    auth: &Auth,
    call: &Call,
    _request: StartPasskeyLoginRequest,
) -> Result<PasskeyCeremony, Error> {
    let realm = call.realm(None)?;
    Ok(convert::ceremony(passkey::begin_login(auth, &realm).await?))
}
