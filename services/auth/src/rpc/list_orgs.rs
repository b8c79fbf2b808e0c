//! `GET /v2/orgs` (contract 3.3).

use gantry_kernel::{Direction, Sort};
use gantry_proto::auth::v2::{ListOrgsRequest, OrgList};
use gantry_rpc::{Call, expands, list_fields, page};

use super::given;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;
use crate::store::OrgFilter;

/// Lists a realm's orgs, by name unless asked otherwise.
pub(crate) async fn list_orgs(auth: &Auth, call: &Call, request: ListOrgsRequest) -> Result<OrgList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let expand = expands(&request.expand, &["custom"])?;
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::OrgId>(fields, &[Sort::Id, Sort::Name], (Sort::Name, Direction::Asc))?;
    let filter = OrgFilter {
        state: given(request.state),
        reference: given(request.reference),
    };
    let rows = auth.store.list_orgs(realm.into_string(), filter, page.clone()).await?;
    let (rows, more_results) = page.cut(rows);
    let with_custom = expand.has("custom");
    let collection = rows.into_iter().map(|row| convert::org(row, with_custom)).collect();
    Ok(OrgList {
        collection,
        more_results,
    })
}
