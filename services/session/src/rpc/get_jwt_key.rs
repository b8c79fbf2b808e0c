//! `GetJwtKey`: one of the realm's signing keys (contract 3.12).

use gantry_proto::session::v2::{GetJwtKeyRequest, JwtKey};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::state::State;

/// Shows a key: the public half, or for HS256 the secret.
///
/// Fails with `not_found`.
pub(super) async fn get_jwt_key(state: &State, request: Request<GetJwtKeyRequest>) -> Result<JwtKey> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let (row, rows) = state.key_among(&realm, &asked.id).await?;
    state.shown_key(&row, &rows, true)
}
