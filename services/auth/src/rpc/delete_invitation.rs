//! `DELETE /v2/invitations/:id` (contract 3.11).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DeleteInvitationRequest, Invitation};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Withdraws an invitation and shows its last state, without the token, which opens nothing any more. The contract has no event for it.
pub(crate) async fn delete_invitation(
    auth: &Auth,
    call: &Call,
    request: DeleteInvitationRequest,
) -> Result<Invitation, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    convert::input::cause(call, request.request.as_ref())?;
    let gone = auth
        .store
        .remove_invitation(realm.into_string(), request.id, auth.clock.now_ms());
    Ok(convert::invitation(gone.await?.ok_or(Reason::NotFound)?, None))
}
