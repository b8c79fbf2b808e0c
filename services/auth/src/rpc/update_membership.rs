//! `PUT /v2/memberships/:id` (contract 3.4).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Membership, UpdateMembershipRequest};
use gantry_rpc::Call;

use super::get_membership::find_live;
use crate::convert;
use crate::error::Error;
use crate::rules::membership;
use crate::service::Auth;

/// Changes permissions and expiry as sent; user and org stay. Event: `membership.updated`.
pub(crate) async fn update_membership(
    auth: &Auth,
    call: &Call,
    request: UpdateMembershipRequest,
) -> Result<Membership, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let (row, user, org) = find_live(auth, &realm, request.id).await?;
    let input = convert::input::membership_change(request.membership.unwrap_or_default());
    let Some(patch) = membership::change(input, &row, auth.clock.now_ms())? else {
        return Ok(convert::membership(row, Some(user), Some(org)));
    };
    let mut event = auth.event(&realm, "membership.updated", &cause);
    event.membership_id = Some(row.id.clone());
    event.org_id = Some(row.org_id);
    event.user_id = Some(row.user_id);
    let changed = auth
        .store
        .set_membership(realm.into_string(), row.id, patch, auth.store.holder(), vec![event]);
    let row = changed.await?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    Ok(convert::membership(row, Some(user), Some(org)))
}
