//! `GET /v2/domains` (contract 3.10).

use gantry_kernel::{Direction, Sort};
use gantry_proto::auth::v2::{DomainList, ListDomainsRequest};
use gantry_rpc::{Call, list_fields, page};

use crate::error::Error;
use crate::service::Auth;

/// Lists a realm's domains.
pub(crate) async fn list_domains(auth: &Auth, call: &Call, request: ListDomainsRequest) -> Result<DomainList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::DomainId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let rows = auth.store.list_domains(realm.into_string(), page.clone()).await?;
    let (rows, more_results) = page.cut(rows);
    Ok(DomainList {
        collection: rows.into_iter().map(|row| auth.shown_domain(row)).collect(),
        more_results,
    })
}
