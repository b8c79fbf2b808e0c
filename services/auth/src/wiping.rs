//! Carries out the wiping of a realm, in every service.

use gantry_proto::event::v2 as event;
use gantry_proto::event::v2::event_client::EventClient;
use gantry_proto::session::v2 as session;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_rpc::{Call, internal};

use crate::error::Error;
use crate::service::Auth;

/// How many users go in one transaction, and in how many transactions one try works: little enough that nobody waits for it.
const BATCH: i64 = 250;
const BATCHES: usize = 8;

/// A part of the work; tells whether all of it is done. What goes is hidden in every service before anything is removed in this one.
pub(crate) async fn wipe(auth: &Auth, call: &Call, realm: &str, up_to: &str, whole: bool) -> Result<bool, Error> {
    let asked = session::WipeRealmRequest {
        realm_id: realm.to_owned(),
        up_to: up_to.to_owned(),
        whole,
    };
    let ended = SessionClient::new(auth.session.clone())
        .wipe_realm(internal(asked, call))
        .await?;
    let asked = event::WipeRealmRequest {
        realm_id: realm.to_owned(),
        up_to: up_to.to_owned(),
        whole,
    };
    let forgotten = EventClient::new(auth.event.clone())
        .wipe_realm(internal(asked, call))
        .await?;
    for _ in 0..BATCHES {
        if !auth.store.wipe(realm.to_owned(), up_to.to_owned(), BATCH).await? {
            let all = ended.get_ref().done && forgotten.get_ref().done;
            if all && whole {
                auth.store.remove_realm(realm.to_owned()).await?;
            }
            return Ok(all);
        }
    }
    Ok(false)
}
