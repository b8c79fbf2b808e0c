//! `PUT /v2/client_apps/:id` (contract 3.9).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{ClientApp, UpdateClientAppRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::app;
use crate::service::Auth;

/// Changes what was sent of a client app. A secret that is set or made anew is shown here and never again.
pub(crate) async fn update_client_app(
    auth: &Auth,
    call: &Call,
    request: UpdateClientAppRequest,
) -> Result<ClientApp, Error> {
    let realm = call.realm(request.realm_id.as_deref())?.into_string();
    let found = auth.store.find_client_app(realm.clone(), request.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::client_app_input(request.client_app.unwrap_or_default());
    let made = app::change(input, &old, &*auth.rng, auth.clock.now_ms())?;
    let row = auth.store.set_client_app(realm, old.id, made.app).await?;
    Ok(convert::client_app(row.ok_or(Reason::NotFound)?, made.secret))
}
