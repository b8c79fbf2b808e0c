//! `POST /v2/login/passkey/finish` (ADR 11).

use gantry_proto::auth::v2::FinishPasskeyLoginRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::passkey::{self, Shown};
use crate::service::Auth;

/// Signs a user in by what their passkey has signed, at the realm's own host. No second factor is asked for: it is two.
pub(crate) async fn finish_passkey_login(
    auth: &Auth,
    call: &Call,
    request: FinishPasskeyLoginRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let shown = Shown {
        ceremony: request.ceremony,
        credential: request.credential,
    };
    let known = passkey::finish_login(auth, &cause, &realm, shown).await?;
    sign_in::loginrocket(auth, call, &cause, &realm, known, request.account.as_deref()).await
}
