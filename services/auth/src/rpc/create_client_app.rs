//! `POST /v2/client_apps` (contract 3.9).

use gantry_kernel::ClientAppId;
use gantry_proto::auth::v2::{ClientApp, CreateClientAppRequest};
use gantry_rpc::Call;

use super::realm_of;
use crate::convert;
use crate::error::Error;
use crate::rules::app;
use crate::service::Auth;

/// Adds a client app. The secret of an OAuth2 app is shown here and never again.
pub(crate) async fn create_client_app(
    auth: &Auth,
    call: &Call,
    request: CreateClientAppRequest,
) -> Result<ClientApp, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let input = convert::client_app_input(request.client_app.unwrap_or_default());
    let id: ClientAppId = auth.ids.id();
    let made = app::new(input, &id, &realm, &*auth.rng, auth.clock.now_ms())?;
    auth.store.add_client_app(made.app.clone()).await?;
    Ok(convert::client_app(made.app, made.secret))
}
