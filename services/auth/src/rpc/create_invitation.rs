//! `POST /v2/invitations` (contract 3.11).

use gantry_kernel::{InvitationId, Reason};
use gantry_proto::auth::v2::{CreateInvitationRequest, Invitation};
use gantry_rpc::Call;

use super::get_invitation::{shown, tokens};
use super::settings_of;
use crate::convert;
use crate::error::Error;
use crate::rules::invitation;
use crate::service::Auth;

/// Adds an invitation; it is sent by `SendInvitation`. Event: `invitation.<type>.created`.
pub(crate) async fn create_invitation(
    auth: &Auth,
    call: &Call,
    request: CreateInvitationRequest,
) -> Result<Invitation, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let settings = settings_of(auth, &realm).await?;
    let input = convert::input::invitation(request.invitation.unwrap_or_default());
    let id: InvitationId = auth.ids.id();
    let row = invitation::new(input, &id, &settings, &tokens(auth), auth.clock.now_ms())?;
    let token = tokens(auth).read(&row).ok_or(Reason::Internal)?;
    let mut event = auth.event(&realm, &format!("invitation.{}.created", row.invitation_type), &cause);
    event.invitation_id = Some(row.id.clone());
    event.org_id.clone_from(&row.org_id);
    auth.store
        .add_invitation(row.clone(), auth.store.holder(), vec![auth.with_token(event, &token)?])
        .await?;
    auth.relay.wake();
    Ok(shown(auth, call, row))
}
