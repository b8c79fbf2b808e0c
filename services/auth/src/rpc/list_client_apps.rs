//! `GET /v2/client_apps` (contract 3.9).

use gantry_kernel::{Direction, Sort};
use gantry_proto::auth::v2::{ClientAppList, ListClientAppsRequest};
use gantry_rpc::{Call, list_fields, page};

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Lists a realm's client apps.
pub(crate) async fn list_client_apps(
    auth: &Auth,
    call: &Call,
    request: ListClientAppsRequest,
) -> Result<ClientAppList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::ClientAppId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let rows = auth.store.list_client_apps(realm.into_string(), page.clone()).await?;
    let (rows, more_results) = page.cut(rows);
    Ok(ClientAppList {
        collection: rows.into_iter().map(|row| convert::client_app(row, None)).collect(),
        more_results,
    })
}
