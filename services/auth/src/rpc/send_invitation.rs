//! `POST /v2/invitations/:id/invite` (contract 3.11).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Invitation, SendInvitationRequest};
use gantry_rpc::Call;

use super::get_invitation::shown;
use crate::convert;
use crate::error::Error;
use crate::on_request;
use crate::service::Auth;

/// Sends an invitation, again where it was sent before. Event: `invitation.<type>.invited`, of which the mail is made.
pub(crate) async fn send_invitation(
    auth: &Auth,
    call: &Call,
    request: SendInvitationRequest,
) -> Result<Invitation, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let found = auth
        .store
        .find_invitation(realm.as_str().to_owned(), request.id, auth.clock.now_ms());
    let row = found.await?.ok_or(Reason::NotFound)?;
    Ok(shown(auth, call, on_request::send(auth, &cause, &realm, row).await?))
}
