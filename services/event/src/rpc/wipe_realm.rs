//! WipeRealm: Auth has wiped a realm, or deleted it.

use gantry_kernel::{Id, RealmId, Reason};
use gantry_proto::event::v2::{WipeRealmRequest, WipeRealmResponse};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::State;
use crate::error::Error;

/// What sorts behind every id.
const ALL: &str = "~";
/// How many events go in one transaction, and in how many transactions one call works: little enough that nobody waits for it.
const BATCH: i64 = 1000;
const BATCHES: usize = 10;

/// Forgets a realm's events up to an id, also those that are still on their way: none can be read from now on, and they are removed
/// as far as one call goes. With `whole` its hooks and providers go too. Doing it twice does no harm.
pub(crate) async fn wipe_realm(
    state: &State,
    request: Request<WipeRealmRequest>,
) -> Result<Response<WipeRealmResponse>, Error> {
    Call::of(&request)?;
    let asked = request.into_inner();
    let realm = RealmId::parse(&asked.realm_id).map_err(|_not_an_id| Reason::NotFound)?;
    let (realm, whole) = (realm.into_string(), asked.whole);
    let up_to = if whole { ALL.to_owned() } else { asked.up_to };
    state.store.mark_wiped(realm.clone(), up_to.clone(), whole).await?;
    let mut done = false;
    for _ in 0..BATCHES {
        if !state.store.wipe(realm.clone(), up_to.clone(), BATCH).await? {
            done = true;
            break;
        }
    }
    Ok(Response::new(WipeRealmResponse { done }))
}
