//! `CreateJwtKey`: the realm gets another signing key (contract 3.12).

use gantry_kernel::{Problem, Violation};
use gantry_proto::session::v2::{CreateJwtKeyRequest, JwtKey};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::rules::Algo;
use crate::state::State;

/// Publishes a new key, of the realm's algorithm unless it says which. It signs once everybody can know it, or at once with `current`.
///
/// Fails with violations of `algo`, `use` and `key`, with `not_found` for a realm that is none, and with `conflict` when the realm has
/// as many keys as it may.
pub(super) async fn create_jwt_key(state: &State, request: Request<CreateJwtKeyRequest>) -> Result<JwtKey> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let settings = state.realm(&call, &realm).await?;
    let input = asked.jwt_key.unwrap_or_default();
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let mut wrong = Vec::new();
    let algo = Algo::from_name(&given(input.algo).unwrap_or(settings.jwt_algo));
    if algo.is_none() {
        let allowed = [Algo::Rs256.name(), Algo::Hs256.name()].join(", ");
        wrong.push(Violation::new("algo", "unknown_value").with("allowed", allowed));
    }
    if given(input.r#use).is_some_and(|purpose| purpose != "sig") {
        wrong.push(Violation::new("use", "unknown_value").with("allowed", "sig"));
    }
    // Keys are made here: a secret that somebody else made, somebody else knows.
    if given(input.key).is_some() {
        wrong.push(Violation::new("key", "read_only"));
    }
    let Some(algo) = algo.filter(|_| wrong.is_empty()) else {
        return Err(Problem::invalid(wrong).into());
    };
    let row = state.add_turn(&realm, algo, input.current.unwrap_or_default()).await?;
    let (row, rows) = state.key_among(&realm, &row.id).await?;
    state.shown_key(&row, &rows, true)
}
