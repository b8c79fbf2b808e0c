//! `DeleteJwtKey`: a signing key is worth nothing any more (contract 3.12).

use gantry_kernel::Reason;
use gantry_proto::session::v2::{DeleteJwtKeyRequest, JwtKey};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::state::State;

/// Removes a key and shows its last state. Tokens that it signed are refused from the next call on; its sessions live, and get
/// tokens of the key that signs then.
///
/// Fails with `not_found`.
pub(super) async fn delete_jwt_key(state: &State, request: Request<DeleteJwtKeyRequest>) -> Result<JwtKey> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let (row, rows) = state.key_among(&realm, &asked.id).await?;
    let shown = state.shown_key(&row, &rows, false)?;
    state.remove_key(&realm, &row.id).await?.ok_or(Reason::NotFound)?;
    Ok(shown)
}
