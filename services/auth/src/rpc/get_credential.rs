//! `GET /v2/credentials/:id` (contract 3.7).

use gantry_kernel::{CredentialId, Id, RealmId, Reason};
use gantry_proto::Permission;
use gantry_proto::auth::v2::{Credential, GetCredentialRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::{external, factor, totp};
use crate::service::Auth;
use crate::store::CredentialRow;

/// Reads one credential.
pub(crate) async fn get_credential(
    auth: &Auth,
    call: &Call,
    request: GetCredentialRequest,
) -> Result<Credential, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let row = find(auth, &realm, &request.id).await?;
    shown(auth, call, row).await
}

/// Finds a credential of a realm.
pub(crate) async fn find(auth: &Auth, realm: &RealmId, id: &str) -> Result<CredentialRow, Error> {
    CredentialId::parse(id).map_err(|_not_an_id| Reason::NotFound)?;
    let found = auth
        .store
        .find_credential(realm.as_str().to_owned(), id.to_owned())
        .await?;
    Ok(found.ok_or(Reason::NotFound)?)
}

/// A credential as it is shown alone. What sets an authenticator app up is there only while that is still to be done; that and a
/// provider's access token are for keys that may write.
pub(crate) async fn shown(auth: &Auth, call: &Call, row: CredentialRow) -> Result<Credential, Error> {
    if !call.may(Permission::Write) {
        return Ok(convert::credential(row));
    }
    if row.credential_type != "totp" || row.state != "new" {
        let access = external::access_token(auth, &row);
        return Ok(convert::with_access_token(row, access));
    }
    let realm = auth
        .store
        .find_realm(row.realm_id.clone())
        .await?
        .ok_or(Reason::NotFound)?;
    let who = (row.realm_id.clone(), row.user_id.clone());
    let user = auth
        .store
        .find_user(who.0, who.1.clone(), who.1)
        .await?
        .ok_or(Reason::NotFound)?;
    let secret = factor::secret(auth, &row).ok_or(Reason::Inconsistent)?;
    let issuer = realm.public_name.unwrap_or(realm.name);
    let provisioning = totp::provisioning(&secret, &issuer, &user.email);
    Ok(convert::new_totp(row, &provisioning))
}
