//! `DELETE /v2/orgs/:id` (contract 3.3).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteOrgRequest, Org};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Closes an org for good; with `force` it is gone, with its memberships and invitations. Shows its last state. Event: `org.closed`,
/// once.
pub(crate) async fn delete_org(auth: &Auth, call: &Call, request: DeleteOrgRequest) -> Result<Org, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let mut event = auth.event(&realm, "org.closed", &cause);
    event.org_id = Some(request.id.clone());
    let (realm, holder, now) = (realm.into_string(), auth.store.holder(), event.event_at);
    let row = if request.force.unwrap_or(false) {
        auth.store.remove_org(realm, request.id, holder, event).await?
    } else {
        auth.store.close_org(realm, request.id, now, holder, event).await?
    };
    let mut row = row.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    "closed".clone_into(&mut row.state);
    Ok(convert::org(row, true))
}
