//! `PUT /v2/credentials/:id` (contract 3.7).

use gantry_kernel::{RealmId, Reason, Secret};
use gantry_proto::auth::v2::{Credential, UpdateCredentialRequest};
use gantry_rpc::Call;

use super::get_credential::{find, shown};
use super::{change_user, get_auth_provider};
use crate::convert;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::credential::{self, Given};
use crate::rules::keep::Keep;
use crate::rules::new_password;
use crate::rules::password::PasswordRules;
use crate::service::Auth;
use crate::store::{CredentialRow, ProviderRow};

/// Sets a new password, or renames an authenticator app or a passkey.
pub(crate) async fn update_credential(
    auth: &Auth,
    call: &Call,
    request: UpdateCredentialRequest,
) -> Result<Credential, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let old = find(auth, &realm, &request.id).await?;
    let provider = get_auth_provider::find(auth, &realm, &old.auth_provider_id).await?;
    let input = convert::credential_input(request.credential.unwrap_or_default());
    let row = match credential::read(input, &old.credential_type, &PasswordRules::of(&provider))? {
        Given::Password(password) => set_password(auth, &cause, &realm, old, (provider, password)).await?,
        Given::Totp(name) | Given::Passkey(name) => {
            let now = auth.clock.now_ms();
            let renamed = auth.store.set_credential_name(realm.into_string(), old.id, name, now);
            renamed.await?.ok_or(Reason::NotFound)?
        }
    };
    shown(auth, call, row).await
}

/// Sets a password as an update of the user would: it ends all that the old one began (contract 3.2).
async fn set_password(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    old: CredentialRow,
    given: (ProviderRow, Secret),
) -> Result<CredentialRow, Error> {
    let now = auth.clock.now_ms();
    let (provider, password) = given;
    let credential = new_password::credential(auth, provider, &old.user_id, password, now).await?;
    change_user::set_password(auth, cause, realm, credential, Keep::None).await?;
    find(auth, realm, &old.id).await
}
