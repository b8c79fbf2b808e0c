//! `GET /v2/memberships` (contract 3.4).

use gantry_kernel::{Direction, Problem, Sort, Violation};
use gantry_proto::auth::v2::{ListMembershipsRequest, MembershipList};
use gantry_rpc::{Call, list_fields, page};

use super::given;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Lists the memberships of an org (with users), of a user (with orgs), or the one of both (with neither).
pub(crate) async fn list_memberships(
    auth: &Auth,
    call: &Call,
    request: ListMembershipsRequest,
) -> Result<MembershipList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let (org, user) = (given(request.org_id), given(request.user_id));
    if org.is_none() && user.is_none() {
        return Err(Problem::invalid(vec![
            Violation::new("", "needs_filter").with("allowed", "org_id, user_id"),
        ])
        .into());
    }
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::MembershipId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let (with_user, with_org) = (user.is_none(), org.is_none());
    let now = auth.clock.now_ms();
    let rows = auth
        .store
        .list_memberships(realm.into_string(), org, user, now, page.clone())
        .await?;
    let (rows, more_results) = page.cut(rows);
    let shown = |(membership, user, org)| {
        convert::membership(
            membership,
            Some(user).filter(|_| with_user),
            Some(org).filter(|_| with_org),
        )
    };
    Ok(MembershipList {
        collection: rows.into_iter().map(shown).collect(),
        more_results,
    })
}
