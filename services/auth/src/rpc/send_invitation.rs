//! `POST /v2/invitations/:id/invite` (contract 3.11).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Invitation, SendInvitationRequest};
use gantry_rpc::Call;

use super::get_invitation::{shown, tokens};
use crate::convert;
use crate::error::Error;
use crate::service::Auth;
use crate::store::InvitationPatch;

/// Sends an invitation, again where it was sent before. Event: `invitation.<type>.invited`, of which the mail is made.
pub(crate) async fn send_invitation(
    auth: &Auth,
    call: &Call,
    request: SendInvitationRequest,
) -> Result<Invitation, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let (name, now) = (realm.as_str().to_owned(), auth.clock.now_ms());
    let row = auth.store.find_invitation(name.clone(), request.id, now).await?;
    let row = row.ok_or(Reason::NotFound)?;
    let token = tokens(auth).read(&row).ok_or(Reason::Internal)?;
    let mut event = auth.event(&realm, &format!("invitation.{}.invited", row.invitation_type), &cause);
    event.invitation_id = Some(row.id.clone());
    event.org_id = row.org_id;
    let patch = InvitationPatch {
        invited_at: Some(now),
        updated_at: now,
        ..InvitationPatch::default()
    };
    let sent = auth.store.set_invitation(
        name,
        row.id,
        patch,
        auth.store.holder(),
        vec![auth.with_token(event, &token)?],
    );
    let row = sent.await?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    Ok(shown(auth, call, row))
}
