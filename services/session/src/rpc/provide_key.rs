//! `ProvideKey`: Auth wants a realm to have a signing key.

use gantry_kernel::{Id, Problem, RealmId, Reason, Violation};
use gantry_proto::session::v2::{ProvideKeyRequest, ProvideKeyResponse};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::{Failure, Result};
use crate::rules::Algo;
use crate::state::State;

/// Gives the realm its key of the algorithm, the same however often it is asked, and tells the public half, or for HS256
/// the secret.
///
/// Fails with a violation of `jwt_algo`, and with `not_found` for what is no realm's id.
pub(super) async fn provide_key(state: &State, request: Request<ProvideKeyRequest>) -> Result<ProvideKeyResponse> {
    Call::of(&request)?;
    let asked = request.into_inner();
    let realm = RealmId::parse(&asked.realm_id).map_err(|_invalid| Problem::new(Reason::NotFound))?;
    let algo = Algo::from_name(&asked.algo).ok_or_else(unknown_algo)?;
    let row = state.provide_key(&realm, algo).await?;
    let jwt_key = match algo {
        Algo::Rs256 => row.public_key,
        Algo::Hs256 => String::from_utf8(state.unsealed(&row)?.to_vec()).ok(),
    };
    let jwt_key = jwt_key.ok_or_else(|| Failure::inconsistent("session_keys", "public_key", &row.id))?;
    Ok(ProvideKeyResponse { jwt_key })
}

fn unknown_algo() -> Problem {
    let allowed = [Algo::Rs256.name(), Algo::Hs256.name()].join(", ");
    Problem::invalid(vec![
        Violation::new("jwt_algo", "unknown_value").with("allowed", allowed),
    ])
}
