//! `POST /v2/memberships` (contract 3.4).

use gantry_kernel::MembershipId;
use gantry_proto::auth::v2::{CreateMembershipRequest, Membership};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::membership;
use crate::service::Auth;

/// Adds a user to an org of the same realm.
pub(crate) async fn create_membership(
    auth: &Auth,
    call: &Call,
    request: CreateMembershipRequest,
) -> Result<Membership, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let input = convert::input::membership(request.membership.unwrap_or_default());
    let id: MembershipId = auth.ids.id();
    let row = membership::new(input, &id, &realm, auth.clock.now_ms())?;
    let mut event = auth.event(&realm, "membership.created", &cause);
    event.membership_id = Some(row.id.clone());
    event.org_id = Some(row.org_id.clone());
    event.user_id = Some(row.user_id.clone());
    let ids = auth.ids.clone();
    let added = auth
        .store
        .add_membership(row.clone(), ids, auth.store.holder(), vec![event])
        .await;
    let (user, org) = added.map_err(|error| {
        if error.is_duplicate("user_id") {
            return gantry_kernel::Problem::field("user_id", "not_unique_membership").into();
        }
        Error::from(error)
    })?;
    auth.relay.wake();
    Ok(convert::membership(row, Some(user), Some(org)))
}
