//! `POST /v2/passkeys/register/finish` (ADR 11).

use gantry_proto::auth::v2::{AddedPasskey, FinishPasskeyRegistrationRequest};
use gantry_rpc::Call;

use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::rules::passkey::{self, Made};
use crate::service::Auth;

/// Keeps the passkey that a browser made for whoever is signed in. Event: `user.updated`.
pub(crate) async fn finish_passkey_registration(
    auth: &Auth,
    call: &Call,
    request: FinishPasskeyRegistrationRequest,
) -> Result<AddedPasskey, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let (held, found) = Held::of(auth, call, &realm).await?;
    let made = Made {
        ceremony: request.ceremony,
        credential: request.credential,
        name: request.name,
    };
    let row = passkey::finish_registration(auth, &cause, &realm, (&held, &found.user), made).await?;
    Ok(AddedPasskey {
        result: okay().result,
        passkey: Some(convert::passkey(row)),
    })
}
