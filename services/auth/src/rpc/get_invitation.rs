//! `GET /v2/invitations/:id` (contract 3.11).

use gantry_kernel::Reason;
use gantry_proto::Permission;
use gantry_proto::auth::v2::{GetInvitationRequest, Invitation};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::invitation::Tokens;
use crate::service::Auth;
use crate::store::InvitationRow;

/// Reads one invitation that has not expired.
pub(crate) async fn get_invitation(
    auth: &Auth,
    call: &Call,
    request: GetInvitationRequest,
) -> Result<Invitation, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let found = auth
        .store
        .find_invitation(realm.into_string(), request.id, auth.clock.now_ms());
    Ok(shown(auth, call, found.await?.ok_or(Reason::NotFound)?))
}

/// An invitation as this caller may see it: whoever may only read sees no token, since with it anybody could accept.
pub(super) fn shown(auth: &Auth, call: &Call, row: InvitationRow) -> Invitation {
    let token = call.may(Permission::Write).then(|| tokens(auth).read(&row)).flatten();
    convert::invitation(row, token)
}

/// What makes and reads the tokens of invitations.
pub(crate) fn tokens(auth: &Auth) -> Tokens<'_> {
    Tokens {
        vault: &auth.vault,
        rng: &*auth.rng,
    }
}
