//! `GET /v2/passkeys` (ADR 11).

use gantry_proto::auth::v2::{ListPasskeysRequest, PasskeyList};
use gantry_rpc::Call;

use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::rules::passkey;
use crate::service::Auth;

/// Lists the passkeys of whoever is signed in; there are never more than one answer holds.
pub(crate) async fn list_passkeys(
    auth: &Auth,
    call: &Call,
    _request: ListPasskeysRequest,
) -> Result<PasskeyList, Error> {
    let realm = call.realm(None)?;
    let (_, found) = Held::of(auth, call, &realm).await?;
    let own = passkey::list(auth, &found.user).await?;
    Ok(PasskeyList {
        result: okay().result,
        collection: own.into_iter().map(convert::passkey).collect(),
        more_results: false,
    })
}
