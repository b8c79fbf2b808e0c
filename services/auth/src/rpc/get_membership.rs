//! `GET /v2/memberships/:id` (contract 3.4).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{GetMembershipRequest, Membership};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Reads one membership, with its user and its org.
pub(crate) async fn get_membership(
    auth: &Auth,
    call: &Call,
    request: GetMembershipRequest,
) -> Result<Membership, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let found = auth.store.find_membership(realm.into_string(), request.id).await?;
    let now = auth.clock.now_ms();
    let live = found.filter(|(membership, ..)| membership.expires_at.is_none_or(|at| at > now));
    let (membership, user, org) = live.ok_or(Reason::NotFound)?;
    Ok(convert::membership(membership, Some(user), Some(org)))
}
