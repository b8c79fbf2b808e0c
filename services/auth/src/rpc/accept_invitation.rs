//! `POST /v2/users/:id/accept_invitation` (contract 3.2 and 3.11).

use gantry_kernel::MembershipId;
use gantry_proto::auth::v2::{AcceptInvitationRequest, User};
use gantry_rpc::Call;

use super::get_user::shown;
use super::user_of;
use crate::convert;
use crate::error::Error;
use crate::rules::invitation::digest_of;
use crate::rules::token::invalid;
use crate::rules::user;
use crate::service::Auth;
use crate::store::Joining;

/// Accepts an invitation for a user: one to an org makes them a member with its permissions, one that verifies an address verifies it.
/// Events: `invitation.<type>.accepted`, and `membership.created` or `membership.updated`.
pub(crate) async fn accept_invitation(
    auth: &Auth,
    call: &Call,
    request: AcceptInvitationRequest,
) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let user = user_of(auth, &realm, &request.id).await?;
    user::must_be_active(&user)?;
    let text = request.user.unwrap_or_default().token.unwrap_or_default();
    let hash = digest_of(text.trim()).ok_or_else(invalid)?;
    let now = auth.clock.now_ms();
    let found = auth.store.find_invited(realm.as_str().to_owned(), hash, now).await?;
    let invitation = found.ok_or_else(invalid)?;
    let kind = &invitation.invitation_type;
    let mut event = auth.event(&realm, &format!("invitation.{kind}.accepted"), &cause);
    event.invitation_id = Some(invitation.id.clone());
    event.org_id.clone_from(&invitation.org_id);
    event.user_id = Some(user.id.clone());
    let joining = Joining {
        invitation,
        user_id: user.id,
        membership_id: auth.ids.id::<MembershipId>().into_string(),
        now,
    };
    let ids = auth.ids.clone();
    let user = auth
        .store
        .accept_invitation(joining, ids, auth.store.holder(), event)
        .await?;
    auth.relay.wake();
    shown(auth, &realm, user, false).await
}
