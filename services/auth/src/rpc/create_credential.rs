//! `POST /v2/credentials` (contract 3.7).

use gantry_kernel::{Problem, RealmId, Reason};
use gantry_proto::auth::v2::{CreateCredentialRequest, Credential};
use gantry_rpc::Call;

use super::get_credential::shown;
use crate::convert;
use crate::error::{Error, taken};
use crate::rules::credential::{self, Given, Input};
use crate::rules::factor::TOTP_SECRET;
use crate::rules::password::PasswordRules;
use crate::rules::{login, new_password, totp};
use crate::service::Auth;
use crate::store::{CredentialRow, ProviderRow};

/// Adds a credential to a user: an authenticator app, which counts once a code of it was verified, or a password.
pub(crate) async fn create_credential(
    auth: &Auth,
    call: &Call,
    request: CreateCredentialRequest,
) -> Result<Credential, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    convert::input::cause(call, request.request.as_ref())?;
    let input = convert::credential_input(request.credential.unwrap_or_default());
    let who = input.user_id.clone().filter(|id| !id.trim().is_empty());
    let who = who.ok_or_else(|| Problem::field("user_id", "required"))?;
    let user = login::find(auth, &realm, &who).await?;
    let user = user.ok_or_else(|| Problem::field("user_id", "not_found"))?.user;
    let provider = provider_of(auth, &realm, &input).await?;
    let given = credential::read(input, &provider.provider_type, &PasswordRules::of(&provider))?;
    let now = auth.clock.now_ms();
    let mut row = credential::row(&auth.ids, &user.id, &provider, String::new(), now);
    match given {
        Given::Password(password) => row.secret = new_password::hash(auth, password).await?,
        Given::Totp(name) => {
            row.name = Some(name);
            row.state = "new".to_owned();
            row.secret = sealed(auth, &row)?;
        }
        Given::Passkey(_) => return Err(Problem::field("credential_type", "made_by_provider").into()),
    }
    let added = auth.store.add_credential(row.clone()).await;
    // A user has one password.
    added.map_err(taken("user_id", "credential_type"))?;
    shown(auth, call, row).await
}

fn sealed(auth: &Auth, row: &CredentialRow) -> Result<String, Error> {
    let secret = zeroize::Zeroizing::new(totp::fresh(&*auth.rng));
    let sealed = auth.vault.seal(TOTP_SECRET, &row.id, &*secret, &*auth.rng);
    Ok(sealed.ok_or(Reason::Internal)?)
}

/// The provider that is named, by id or, through the credential's type, by type; both must agree, and it must be active.
async fn provider_of(auth: &Auth, realm: &RealmId, input: &Input) -> Result<ProviderRow, Error> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (id, kind) = (given(&input.auth_provider_id), given(&input.credential_type));
    let field = if id.is_some() {
        "auth_provider_id"
    } else {
        "credential_type"
    };
    let named = id.or_else(|| kind.clone());
    let named = named.ok_or_else(|| Problem::field("credential_type", "required"))?;
    let found = auth.store.find_provider(realm.as_str().to_owned(), named).await?;
    let provider = found.ok_or_else(|| Problem::field(field, "not_found"))?;
    if kind.is_some_and(|kind| kind != provider.provider_type) {
        return Err(Problem::field("credential_type", "not_of_provider").into());
    }
    if provider.state != "active" {
        return Err(Problem::field("auth_provider_id", "provider_inactive").into());
    }
    Ok(provider)
}
