//! `GET /v2/invitations` (contract 3.11).

use gantry_kernel::{Direction, Sort, normalize_identity};
use gantry_proto::auth::v2::{InvitationList, ListInvitationsRequest};
use gantry_rpc::{Call, list_fields, page};

use super::get_invitation::shown;
use super::given;
use crate::error::Error;
use crate::service::Auth;
use crate::store::InvitationFilter;

/// Lists a realm's invitations that have not expired.
pub(crate) async fn list_invitations(
    auth: &Auth,
    call: &Call,
    request: ListInvitationsRequest,
) -> Result<InvitationList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::InvitationId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let filter = InvitationFilter {
        invitation_type: given(request.invitation_type),
        email: given(request.email).as_deref().map(normalize_identity),
        org_id: given(request.org_id),
        inviting_user_id: given(request.inviting_user_id),
    };
    let now = auth.clock.now_ms();
    let rows = auth
        .store
        .list_invitations(realm.into_string(), filter, now, page.clone())
        .await?;
    let (rows, more_results) = page.cut(rows);
    Ok(InvitationList {
        collection: rows.into_iter().map(|row| shown(auth, call, row)).collect(),
        more_results,
    })
}
