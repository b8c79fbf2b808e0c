//! `GetJwks`: the public keys that verify the realm's tokens (contract 4).

use gantry_proto::session::v2::{GetJwksRequest, Jwks};
use gantry_rpc::Call;
use tonic::Request;

use crate::convert;
use crate::error::{Failure, Result};
use crate::rules::public_parts;
use crate::rules::rotation::retiring;
use crate::state::State;

/// Shows the realm's RS256 keys: those that sign, will sign, or have signed what is still good. An HS256 key is a secret and never appears.
pub(super) async fn get_jwks(state: &State, request: Request<GetJwksRequest>) -> Result<Jwks> {
    let call = Call::of(&request)?;
    let realm = call.realm(None)?;
    let now = state.now();
    let mut rows = state.store.list_public_keys(realm.as_str().to_owned()).await?;
    if !retiring(&rows, now).is_empty() {
        let left = state.keys_in_use(&realm).await?;
        rows.retain(|row| left.iter().any(|key| key.id == row.id));
    }
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let parts = row.public_key.as_deref().and_then(public_parts);
        let parts = parts.ok_or_else(|| Failure::inconsistent("session_keys", "public_key", &row.id))?;
        keys.push(convert::jwk(row.id, parts));
    }
    Ok(Jwks { keys })
}
