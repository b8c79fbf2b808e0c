//! `POST /v2/realms/:id/reset` (contract 3.1).

use gantry_kernel::{Reason, base62};
use gantry_proto::auth::v2::{Realm, ResetRealmRequest};
use gantry_rpc::Call;

use super::delete_realm::named;
use super::get_realm::shown;
use crate::carry_out::at_once;
use crate::convert;
use crate::error::Error;
use crate::rules::task::{Task, Work};
use crate::service::Auth;

/// Wipes a realm: users, orgs, memberships, invitations, sessions and events go, and all that configures it stays. Nobody sees what went
/// from now on; where there is much, it is removed in the background.
pub(crate) async fn reset_realm(auth: &Auth, call: &Call, request: ResetRealmRequest) -> Result<Realm, Error> {
    let id = named(call, &request.id)?.into_string();
    // All ids up to this one are older than the reset.
    let up_to = base62::encode(auth.ids.next());
    let task = Task {
        work: Work::WipeRealm {
            realm_id: id.clone(),
            up_to: up_to.clone(),
            whole: false,
        },
        cause: convert::input::cause(call, request.request.as_ref())?,
    };
    let row = task.row(&auth.ids, auth.clock.now_ms())?;
    let marked = auth.store.mark_wiped(id, up_to, row.clone()).await?;
    let realm = marked.ok_or(Reason::NotFound)?;
    at_once(auth, row).await;
    shown(auth, call, realm).await
}
