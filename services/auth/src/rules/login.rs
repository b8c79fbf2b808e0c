//! Signing in with a password (contract 2.4 and 3.2).

use gantry_kernel::{RealmId, Reason, Secret, normalize_identity};

use super::cause::Cause;
use super::user::PASSWORD_MAX;
use crate::error::Error;
use crate::service::Auth;
use crate::store::{LoginRow, UserRow};

/// The longest text that may name a user; nothing longer is stored, so nothing longer is looked up.
const IDENTITY_MAX: usize = 320;

/// Checks a password for whoever `who` names: an e-mail address, a username or an id.
///
/// Unknown users, users without a password, inactive users and wrong passwords are one answer, at one price (T-07, T-08): a hash is
/// computed and an event is written in each case.
pub(crate) async fn check_password(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    who: &str,
    password: &Secret,
) -> Result<UserRow, Error> {
    let found = find(auth, realm, who).await?;
    check_found(auth, cause, realm, who, found, password).await
}

/// Finds a user with the password's hash.
pub(crate) async fn find(auth: &Auth, realm: &RealmId, who: &str) -> Result<Option<LoginRow>, Error> {
    if who.is_empty() || who.len() > IDENTITY_MAX {
        return Ok(None);
    }
    let identity = normalize_identity(who);
    Ok(auth
        .store
        .find_login(realm.as_str().to_owned(), who.trim().to_owned(), identity)
        .await?)
}

/// Checks a password for a user who was looked up.
pub(crate) async fn check_found(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    who: &str,
    found: Option<LoginRow>,
    password: &Secret,
) -> Result<UserRow, Error> {
    let account = match &found {
        Some(row) => row.user.id.clone(),
        None => normalize_identity(who.get(..IDENTITY_MAX).unwrap_or(who)),
    };
    let attempt = auth.throttle.attempt(realm, &account).await?;
    let (user, hash) = match found {
        Some(row) => (Some(row.user), row.hash),
        None => (None, None),
    };
    // A password that could never have been set is not worth a hash; its length is the caller's own, so this tells nothing.
    let plausible = !password.is_empty() && password.expose().len() <= PASSWORD_MAX;
    let right = plausible && auth.passwords.verify(hash, password.clone()).await?;
    match user {
        Some(user) if right && user.state == "active" => {
            auth.throttle.right(attempt).await;
            Ok(user)
        }
        user => {
            let mut event = auth.event(realm, "user.login.failed", cause);
            event.user_id = user.map(|user| user.id);
            auth.store.add_event(auth.store.holder(), vec![event]).await?;
            auth.relay.wake();
            Err(Reason::LoginFailed.into())
        }
    }
}

/// Notes a login down, in one transaction with its event.
pub(crate) async fn succeeded(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    user: &str,
    session: &str,
) -> Result<(), Error> {
    let mut event = auth.event(realm, "user.login.succeeded", cause);
    event.user_id = Some(user.to_owned());
    // Only the record's id: what opens a session is not written down.
    event.session_id = Some(session.get(..SESSION_RECORD).unwrap_or(session).to_owned());
    let at = event.event_at;
    auth.store
        .set_last_login(user.to_owned(), at, auth.store.holder(), vec![event])
        .await?;
    auth.relay.wake();
    Ok(())
}

/// `kss_` and 22 characters.
const SESSION_RECORD: usize = 26;
