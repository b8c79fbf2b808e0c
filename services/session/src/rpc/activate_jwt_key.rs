//! `ActivateJwtKey`: a signing key becomes the one that signs (beyond the contract, see docs/API-DESIGN.md).

use gantry_kernel::Reason;
use gantry_proto::session::v2::{ActivateJwtKeyRequest, JwtKey};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::rules::current;
use crate::state::State;

/// Makes a key current from now on, whether its turn was still to come or is over; what others have signed is good as long as it was.
///
/// Fails with `not_found`.
pub(super) async fn activate_jwt_key(state: &State, request: Request<ActivateJwtKeyRequest>) -> Result<JwtKey> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let (row, rows) = state.key_among(&realm, &asked.id).await?;
    let now = state.now();
    if current(&rows, &row.algo, now).is_none_or(|current| current.id != row.id) {
        let turned = state.store.turn_key(realm.as_str().to_owned(), row.id.clone(), now);
        turned.await?.ok_or(Reason::NotFound)?;
    }
    let (row, rows) = state.key_among(&realm, &row.id).await?;
    state.shown_key(&row, &rows, true)
}
