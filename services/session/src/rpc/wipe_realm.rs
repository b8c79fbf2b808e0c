//! `WipeRealm`: Auth has wiped a realm, or deleted it.

use gantry_kernel::{Id, Problem, RealmId, Reason};
use gantry_proto::session::v2::{WipeRealmRequest, WipeRealmResponse};
use gantry_rpc::Call;
use tonic::Request;

use crate::error::Result;
use crate::state::State;

/// What sorts behind every id.
const ALL: &str = "~";
/// How many sessions go in one transaction, and in how many transactions one call works: little enough that nobody waits for it.
const BATCH: i64 = 1000;
const BATCHES: usize = 10;

/// Ends a realm's sessions up to an id: none can be used or listed from now on, and they are removed as far as one call goes. With
/// `whole` its keys go too. Doing it twice does no harm. No events are made: those of the realm go as well.
pub(super) async fn wipe_realm(state: &State, request: Request<WipeRealmRequest>) -> Result<WipeRealmResponse> {
    Call::of(&request)?;
    let asked = request.into_inner();
    let realm = RealmId::parse(&asked.realm_id).map_err(|_invalid| Problem::new(Reason::NotFound))?;
    let (realm, whole) = (realm.into_string(), asked.whole);
    let up_to = if whole { ALL.to_owned() } else { asked.up_to };
    state.store.mark_wiped(realm.clone(), up_to.clone(), whole).await?;
    for _ in 0..BATCHES {
        if !state.store.wipe(realm.clone(), up_to.clone(), BATCH).await? {
            return Ok(WipeRealmResponse { done: true });
        }
    }
    Ok(WipeRealmResponse { done: false })
}
