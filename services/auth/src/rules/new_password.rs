//! New passwords of users who are there already.

use gantry_kernel::{CredentialId, RealmId, Reason, Secret};

use super::check::Checks;
use super::user::check_password;
use crate::error::Error;
use crate::service::Auth;
use crate::store::{CredentialRow, ProviderRow};

/// The provider whose rules a realm's passwords follow.
pub(crate) async fn provider(auth: &Auth, realm: &RealmId) -> Result<ProviderRow, Error> {
    let provider = auth
        .store
        .find_provider(realm.as_str().to_owned(), "password".to_owned());
    Ok(provider.await?.ok_or(Reason::NotFound)?)
}

/// The shortest password that a provider allows.
pub(crate) fn min_length(provider: &ProviderRow) -> usize {
    usize::try_from(provider.min_length.unwrap_or(8)).unwrap_or(8)
}

/// Hashes a password that was checked; the credential is new, or takes the place of the one that the user has.
pub(crate) async fn credential(
    auth: &Auth,
    provider: ProviderRow,
    user: &str,
    password: Secret,
    now: i64,
) -> Result<CredentialRow, Error> {
    Ok(CredentialRow {
        id: auth.ids.id::<CredentialId>().into_string(),
        realm_id: provider.realm_id,
        user_id: user.to_owned(),
        auth_provider_id: provider.id,
        credential_type: "password".to_owned(),
        secret: auth.passwords.hash(password).await?,
        created_at: now,
        updated_at: now,
    })
}

/// A password that must be there.
pub(crate) fn required(
    checks: &mut Checks,
    sent: Option<Secret>,
    confirmation: Option<&Secret>,
    min_length: usize,
) -> Secret {
    let password = sent.unwrap_or_default();
    if password.is_empty() {
        checks.fail("password", "required");
    } else {
        check_password(checks, password.expose(), confirmation, min_length);
    }
    password
}
