//! `GET /v2/auth_providers` (contract 3.8).

use gantry_kernel::{Direction, ProviderId, Sort};
use gantry_proto::auth::v2::{AuthProviderList, ListAuthProvidersRequest};
use gantry_rpc::{Call, list_fields, page};

use super::given;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Lists a realm's auth providers, the password's first.
pub(crate) async fn list_auth_providers(
    auth: &Auth,
    call: &Call,
    request: ListAuthProvidersRequest,
) -> Result<AuthProviderList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let fields = list_fields!(request);
    let page = page::<ProviderId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let rows = auth
        .store
        .list_providers(realm.into_string(), given(request.state), page.clone())
        .await?;
    let (rows, more_results) = page.cut(rows);
    Ok(AuthProviderList {
        collection: rows.into_iter().map(convert::auth_provider).collect(),
        more_results,
    })
}
