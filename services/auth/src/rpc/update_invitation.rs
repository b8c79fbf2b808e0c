//! `PUT /v2/invitations/:id` (contract 3.11).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Invitation, UpdateInvitationRequest};
use gantry_rpc::Call;

use super::get_invitation::{shown, tokens};
use crate::convert;
use crate::error::Error;
use crate::rules::invitation;
use crate::service::Auth;

/// Changes what was sent; a new address comes with a new token. Event: `invitation.<type>.updated`.
pub(crate) async fn update_invitation(
    auth: &Auth,
    call: &Call,
    request: UpdateInvitationRequest,
) -> Result<Invitation, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let (name, now) = (realm.as_str().to_owned(), auth.clock.now_ms());
    let row = auth.store.find_invitation(name.clone(), request.id, now).await?;
    let row = row.ok_or(Reason::NotFound)?;
    let settings = auth.store.find_realm(name.clone()).await?.ok_or(Reason::NotFound)?;
    let input = convert::input::invitation(request.invitation.unwrap_or_default());
    let Some(patch) = invitation::change(input, &row, &settings, &tokens(auth), now)? else {
        return Ok(shown(auth, call, row));
    };
    let mut event = auth.event(&realm, &format!("invitation.{}.updated", row.invitation_type), &cause);
    event.invitation_id = Some(row.id.clone());
    event.org_id = row.org_id;
    let changed = auth
        .store
        .set_invitation(name, row.id, patch, auth.store.holder(), vec![event]);
    let row = changed.await?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    Ok(shown(auth, call, row))
}
