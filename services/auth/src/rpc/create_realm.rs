//! `POST /v2/realms` (contract 3.1).

use gantry_kernel::{ProviderId, RealmId, Reason};
use gantry_proto::auth::v2::{CreateRealmRequest, NamedPermissionItems, Realm, ResourceLinkItems};
use gantry_rpc::Call;

use super::get_realm::provide_key;
use crate::convert;
use crate::error::Error;
use crate::rules::{provider, realm};
use crate::service::Auth;

/// Makes a realm with its two auth providers and its signing key.
pub(crate) async fn create_realm(auth: &Auth, call: &Call, request: CreateRealmRequest) -> Result<Realm, Error> {
    // A key that is locked to a realm makes no others.
    if call.lock().is_some() {
        return Err(Reason::PermissionMissing.into());
    }
    let now = auth.clock.now_ms();
    let id: RealmId = auth.ids.id();
    let mut row = realm::fresh(&id, now);
    let settings = convert::input::realm(request.realm.unwrap_or_default());
    let patch = realm::patch(settings, true, &row.look, now)?;
    realm::apply(&mut row, patch);
    let ids: [ProviderId; 2] = [auth.ids.id(), auth.ids.id()];
    let providers = provider::of_fresh_realm(&id, ids, now);
    // The key first: should the rest fail, a key without a realm harms nobody, while a realm without a key could sign nobody in.
    let key = provide_key(auth, call, &row.id, &row.jwt_algo).await?;
    auth.store.add_realm(row.clone(), providers).await?;
    Ok(Realm {
        named_permissions: Some(NamedPermissionItems::default()),
        resource_links: Some(ResourceLinkItems::default()),
        ..convert::realm(row, true, Some(key))
    })
}
