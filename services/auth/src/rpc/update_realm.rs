//! `PUT /v2/realms/:id` (contract 3.1).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Realm, UpdateRealmRequest};
use gantry_rpc::Call;

use super::get_realm::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::realm;
use crate::service::Auth;

/// Changes the settings that were sent.
pub(crate) async fn update_realm(auth: &Auth, call: &Call, request: UpdateRealmRequest) -> Result<Realm, Error> {
    let id = call.realm(Some(&request.id))?.into_string();
    let old = auth.store.find_realm(id.clone()).await?.ok_or(Reason::NotFound)?;
    let settings = convert::input::realm(request.realm.unwrap_or_default());
    let patch = realm::patch(settings, false, &old.look, auth.clock.now_ms())?;
    let row = auth.store.set_realm(id, patch).await?.ok_or(Reason::NotFound)?;
    shown(auth, call, row).await
}
