//! New passwords of users who are there already.

use gantry_kernel::{Problem, RealmId, Reason, Secret};

use super::check::Checks;
use super::credential;
use super::password::PasswordRules;
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

/// Hashes a password that was checked; the credential is new, or takes the place of the one that the user has.
pub(crate) async fn credential(
    auth: &Auth,
    provider: ProviderRow,
    user: &str,
    password: Secret,
    now: i64,
) -> Result<CredentialRow, Error> {
    let hash = hash(auth, password).await?;
    Ok(credential::row(&auth.ids, user, &provider, hash, now))
}

/// Hashes a new password.
///
/// # Errors
/// With a violation of `password` for one that is known to have been stolen.
pub(crate) async fn hash(auth: &Auth, password: Secret) -> Result<String, Error> {
    if auth.breached.knows(&password).await {
        return Err(Problem::field("password", "password_breached").into());
    }
    Ok(auth.passwords.hash(password).await?)
}

/// A password that must be there.
pub(crate) fn required(
    checks: &mut Checks,
    sent: Option<Secret>,
    confirmation: Option<&Secret>,
    rules: &PasswordRules,
) -> Secret {
    let password = sent.unwrap_or_default();
    if password.is_empty() {
        checks.fail("password", "required");
    } else {
        rules.check(checks, password.expose(), confirmation);
    }
    password
}
