//! `GET /v2/realms/:id` (contract 3.1).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{GetRealmRequest, NamedPermissionItems, Realm, ResourceLinkItems};
use gantry_proto::session::v2::ProvideKeyRequest;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_rpc::{Call, internal};

use super::given;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;
use crate::store::RealmRow;

/// Reads one realm, with the key that verifies its tokens.
pub(crate) async fn get_realm(auth: &Auth, call: &Call, request: GetRealmRequest) -> Result<Realm, Error> {
    let id = call.realm(Some(&request.id))?;
    let row = auth.store.find_realm(id.into_string()).await?.ok_or(Reason::NotFound)?;
    if given(request.state).is_some_and(|state| state != row.state) {
        return Err(Reason::NotFound.into());
    }
    shown(auth, call, row).await
}

/// A realm as it is shown alone: with `custom`, `jwt_key`, named permissions and links. An HS256 secret is shown to keys that manage, since with it
/// anybody could sign.
pub(crate) async fn shown(auth: &Auth, call: &Call, row: RealmRow) -> Result<Realm, Error> {
    let secret = row.jwt_algo == "hs256";
    let key = if secret && !call.may(gantry_proto::Permission::Manage) {
        None
    } else {
        Some(provide_key(auth, call, &row.id, &row.jwt_algo).await?)
    };
    let permissions = auth.store.list_named_permissions(row.id.clone()).await?;
    let links = auth.store.list_resource_links(row.id.clone()).await?;
    Ok(Realm {
        named_permissions: Some(NamedPermissionItems {
            items: permissions.into_iter().map(convert::named_permission).collect(),
        }),
        resource_links: Some(ResourceLinkItems {
            items: links.into_iter().map(convert::resource_link).collect(),
        }),
        ..convert::realm(row, true, key)
    })
}

/// The realm's signing key of an algorithm, made (from stock) if it has none yet.
pub(crate) async fn provide_key(auth: &Auth, call: &Call, realm: &str, algo: &str) -> Result<String, Error> {
    let mut call = call.clone();
    realm.clone_into(&mut call.caller.realm_id);
    let request = ProvideKeyRequest {
        realm_id: realm.to_owned(),
        algo: algo.to_owned(),
    };
    let answer = SessionClient::new(auth.session.clone())
        .provide_key(internal(request, &call))
        .await?;
    Ok(answer.into_inner().jwt_key)
}
