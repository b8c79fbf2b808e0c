//! `GET /v2/memberships/:id` (contract 3.4).

use gantry_kernel::{RealmId, Reason};
use gantry_proto::auth::v2::{GetMembershipRequest, Membership};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;
use crate::store::{MembershipRow, OrgRow, UserRow};

/// Reads one membership, with its user and its org.
pub(crate) async fn get_membership(
    auth: &Auth,
    call: &Call,
    request: GetMembershipRequest,
) -> Result<Membership, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let (membership, user, org) = find_live(auth, &realm, request.id).await?;
    Ok(convert::membership(membership, Some(user), Some(org)))
}

/// A membership of a realm that is not over, with its user and its org.
pub(super) async fn find_live(
    auth: &Auth,
    realm: &RealmId,
    id: String,
) -> Result<(MembershipRow, UserRow, OrgRow), Error> {
    let found = auth.store.find_membership(realm.as_str().to_owned(), id).await?;
    let now = auth.clock.now_ms();
    let live = found.filter(|(membership, ..)| membership.expires_at.is_none_or(|at| at > now));
    Ok(live.ok_or(Reason::NotFound)?)
}
