//! Watch: a realm's events as a stream, from a cursor on.

use gantry_kernel::Problem;
use gantry_proto::event::v2::WatchRequest;
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::State;
use crate::error::Error;
use crate::rules::cursor::{self, Start};
use crate::rules::filter::read_filter;
use crate::watch::{Means, Responses, Wish, watch};

/// Starts a stream: what is stored behind the cursor, then each event as it is stored. A client that reconnects with the last
/// cursor it saw misses nothing and sees nothing twice. A stream that ends without an error is to be opened again.
pub(crate) async fn start(state: &State, request: Request<WatchRequest>) -> Result<Response<Responses>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let mut wrong = Vec::new();
    let filter = read_filter!(asked, wrong);
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong).into());
    }
    let start = cursor::read(&asked.cursor)?;
    let slot = state.hub.join(state.pace.watchers)?;
    let last = state.store.get_last().await?;
    let behind = match start {
        Start::Now => last,
        // Handed out by another installation, or by this one before it was put back to an earlier state: to wait until the
        // order comes by again would silently leave events out.
        Start::Behind(seq) if seq > last => return Err(cursor::unknown().into()),
        Start::Behind(seq) => seq,
    };
    let wish = Wish {
        realm: realm.into_string(),
        filter,
        behind,
        tell_start: start == Start::Now,
        call,
    };
    let means = Means {
        store: state.store.clone(),
        slot,
        rng: state.rng.clone(),
        pace: state.pace,
        stop: state.stop.clone(),
    };
    Ok(Response::new(watch(wish, means)))
}
