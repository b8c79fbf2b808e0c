//! `ListJwtKeys`: the realm's signing keys (contract 3.12).

use gantry_kernel::{Direction, JwtKeyId, Sort};
use gantry_proto::session::v2::{JwtKeyList, ListJwtKeysRequest};
use gantry_rpc::{Call, list_fields};
use tonic::Request;

use crate::error::Result;
use crate::state::State;
use crate::store::KeyRow;

/// Lists the keys that are not retired. A secret one is not told in a list.
///
/// Fails with violations of `max_results`, `after`, `sort`, `direction`.
pub(super) async fn list_jwt_keys(state: &State, request: Request<ListJwtKeysRequest>) -> Result<JwtKeyList> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let fields = list_fields!(asked);
    let page = gantry_rpc::page::<JwtKeyId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    // A realm has a handful of them at the most, and the standing of each depends on the others.
    let all = state.keys_in_use(&realm).await?;
    let mut rows: Vec<KeyRow> = all.clone();
    rows.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    if page.direction == Direction::Desc {
        rows.reverse();
    }
    if let Some(after) = &page.after {
        rows.retain(|row| match page.direction {
            Direction::Asc => row.id > *after,
            Direction::Desc => row.id < *after,
        });
    }
    let (rows, more_results) = page.cut(rows);
    let mut collection = Vec::with_capacity(rows.len());
    for row in &rows {
        collection.push(state.shown_key(row, &all, false)?);
    }
    Ok(JwtKeyList {
        collection,
        more_results,
    })
}
