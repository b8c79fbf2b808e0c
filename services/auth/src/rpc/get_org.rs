//! `GET /v2/orgs/:id` (contract 3.3).

use gantry_kernel::{Page, Reason};
use gantry_proto::auth::v2::{GetOrgRequest, MembershipItems, Org};
use gantry_rpc::{Call, expands};

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// The most memberships that are shown inside an org.
const MOST: i64 = 1000;

/// Reads one org, where asked with its memberships and their users.
pub(crate) async fn get_org(auth: &Auth, call: &Call, request: GetOrgRequest) -> Result<Org, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    let expand = expands(&request.expand, &["memberships", "custom"])?;
    let row = auth
        .store
        .find_org(realm.clone(), request.id)
        .await?
        .ok_or(Reason::NotFound)?;
    let id = row.id.clone();
    let mut org = convert::org(row, true);
    if expand.has("memberships") {
        let page = Page {
            max_results: MOST,
            ..Page::default()
        };
        let rows = auth
            .store
            .list_memberships(realm, Some(id), None, auth.clock.now_ms(), page)
            .await?;
        let items = rows
            .into_iter()
            .map(|(membership, user, _)| convert::membership(membership, Some(user), None));
        org.memberships = Some(MembershipItems { items: items.collect() });
    }
    Ok(org)
}
