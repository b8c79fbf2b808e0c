//! `DELETE /v2/realms/:id` (contract 3.1).

use gantry_kernel::{Problem, RealmId, Reason};
use gantry_proto::auth::v2::{DeleteRealmRequest, Realm};
use gantry_rpc::Call;

use crate::carry_out::at_once;
use crate::convert;
use crate::error::Error;
use crate::rules::task::{Task, Work};
use crate::service::Auth;

/// Deletes a realm with all that hangs on it in every service, and shows its last state. Nobody sees any of it from now on; where there
/// is much, it is removed in the background.
pub(crate) async fn delete_realm(auth: &Auth, call: &Call, request: DeleteRealmRequest) -> Result<Realm, Error> {
    let id = named(call, &request.id)?.into_string();
    let now = auth.clock.now_ms();
    let task = Task {
        work: Work::WipeRealm {
            realm_id: id.clone(),
            up_to: ALL.to_owned(),
            whole: true,
        },
        cause: convert::input::cause(call, request.request.as_ref())?,
    };
    let row = task.row(&auth.ids, now)?;
    let marked = auth.store.mark_deleted(id, ALL.to_owned(), now, row.clone()).await?;
    let realm = marked.ok_or(Reason::NotFound)?;
    at_once(auth, row).await;
    Ok(convert::realm(realm, true, None))
}

/// What sorts behind every id.
const ALL: &str = "~";

/// The realm that a caller names, who must name it: whoever leaves the name out means none, not their default.
pub(super) fn named(call: &Call, id: &str) -> Result<RealmId, Problem> {
    if id.is_empty() {
        return Err(Reason::NotFound.into());
    }
    call.realm(Some(id))
}
