//! `GET /v2/client_apps/:id` (contract 3.9).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{ClientApp, GetClientAppRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Reads one client app.
pub(crate) async fn get_client_app(auth: &Auth, call: &Call, request: GetClientAppRequest) -> Result<ClientApp, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let found = auth.store.find_client_app(realm.into_string(), request.id).await?;
    Ok(convert::client_app(found.ok_or(Reason::NotFound)?, None))
}
