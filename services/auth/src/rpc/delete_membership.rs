//! `DELETE /v2/memberships/:id` (contract 3.4).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteMembershipRequest, Membership};
use gantry_rpc::Call;

use super::get_membership::find_live;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Removes a membership and shows its last state. Event: `membership.deleted`.
pub(crate) async fn delete_membership(
    auth: &Auth,
    call: &Call,
    request: DeleteMembershipRequest,
) -> Result<Membership, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let (row, user, org) = find_live(auth, &realm, request.id).await?;
    let mut event = auth.event(&realm, "membership.deleted", &cause);
    event.membership_id = Some(row.id.clone());
    event.org_id = Some(row.org_id.clone());
    event.user_id = Some(row.user_id.clone());
    let removed = auth
        .store
        .remove_membership(realm.into_string(), row.id.clone(), auth.store.holder(), vec![event]);
    if !removed.await? {
        return Err(Reason::NotFound.into());
    }
    auth.relay.wake();
    Ok(convert::membership(row, Some(user), Some(org)))
}
