//! The second factor of a login: a one-time code, or a recovery code in its place (T-11, T-13, T-14).

use gantry_kernel::{Problem, RealmId, Reason, Secret};
use gantry_outbox::NewEvent;

use super::cause::Cause;
use super::throttle::Attempt;
use super::token::{self, Purpose};
use super::{login, recovery, totp};
use crate::error::Error;
use crate::service::Auth;
use crate::store::{CredentialRow, Factor, TokenRow, UserRow};

/// Seals the secrets of authenticator apps, each with its credential's id.
pub(crate) const TOTP_SECRET: gantry_seal::Purpose = gantry_seal::Purpose::new("totp secret");

/// The kinds of second factor, as LoginRocket names them.
pub(crate) const KINDS: [&str; 1] = ["totp"];

/// A token for a user whose password was right and whose second factor is still to come; `account` is the org that they asked for.
pub(crate) async fn ask(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    user: &UserRow,
    account: Option<&str>,
) -> Result<Secret, Error> {
    let mut fresh = token::fresh(&*auth.rng, Purpose::Mfa, user, &user.email, auth.clock.now_ms());
    fresh.row.detail = account.map(str::to_owned);
    let mut event = auth.event(realm, "user.login.initiated", cause);
    event.user_id = Some(user.id.clone());
    auth.store
        .add_token(fresh.row, auth.store.holder(), vec![event])
        .await?;
    auth.relay.wake();
    Ok(fresh.text)
}

/// A login whose second factor was right; its token and its code are used up.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) user: UserRow,
    /// The org that was asked for with the password.
    pub(crate) account: Option<String>,
}

/// Checks the second factor of a login that a token stands for. `known` hears whose login it is, before the code is looked at.
///
/// # Errors
/// With a violation of `token` when that is worth nothing, of `code` when that is wrong, which is an event too.
pub(crate) async fn finish(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    (token, code): (&str, &str),
    known: impl FnOnce(&UserRow),
) -> Result<Passed, Error> {
    let (row, user) = token::find(auth, realm, Purpose::Mfa, token).await?;
    known(&user);
    let attempt = attempt(auth, realm, &user.id).await?;
    let right = match find(auth, realm, &user.id, code).await? {
        Some(factor) => use_up(auth, row.clone(), factor).await?,
        None => false,
    };
    if !right {
        let mut event: NewEvent = auth.event(realm, "user.login.failed", cause);
        event.user_id = Some(user.id);
        auth.store.add_event(auth.store.holder(), vec![event]).await?;
        auth.relay.wake();
        return Err(wrong().into());
    }
    auth.throttle.right(attempt).await;
    Ok(Passed {
        user,
        account: row.detail,
    })
}

/// Checks that a token is of the user who goes by a name. To whoever names another it is one that does not exist.
pub(crate) async fn is_of(auth: &Auth, realm: &RealmId, token: &str, who: &str) -> Result<(), Error> {
    let named = login::find(auth, realm, who).await?.ok_or(Reason::NotFound)?;
    let (_, user) = token::find(auth, realm, Purpose::Mfa, token).await?;
    match named.user.id == user.id {
        true => Ok(()),
        false => Err(token::invalid().into()),
    }
}

/// Whether a user's login needs a second factor.
pub(crate) async fn is_asked(auth: &Auth, realm: &RealmId, user: &str) -> Result<bool, Error> {
    let (realm, user) = (realm.as_str().to_owned(), user.to_owned());
    Ok(!auth.store.list_factors(realm, user).await?.is_empty())
}

/// Uses token and factor up at once; tells whether no other call was quicker.
async fn use_up(auth: &Auth, token: TokenRow, factor: Factor) -> Result<bool, Error> {
    match auth.store.finish_mfa(token, factor, auth.clock.now_ms()).await {
        Ok(()) => Ok(true),
        Err(gantry_db::StoreError::Refused(_)) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// Counts a guess at a user's codes, wherever it is made.
pub(crate) async fn attempt(auth: &Auth, realm: &RealmId, user: &str) -> Result<Attempt, Problem> {
    // No name of a user has a space before it: passwords and codes are counted apart.
    auth.throttle.attempt(realm, &format!(" code {user}")).await
}

/// What a code is, among what a user has; it is not used up.
async fn find(auth: &Auth, realm: &RealmId, user: &str, code: &str) -> Result<Option<Factor>, Error> {
    let factors = auth
        .store
        .list_factors(realm.as_str().to_owned(), user.to_owned())
        .await?;
    for credential in &factors {
        if let Some(step) = step_of(auth, credential, code) {
            return Ok(Some(Factor::Step {
                credential: credential.id.clone(),
                step,
            }));
        }
    }
    // Without a second factor there is nothing that a recovery code could stand in for.
    let Some(code_hash) = recovery::read(user, code).filter(|_| !factors.is_empty()) else {
        return Ok(None);
    };
    let known = auth.store.has_recovery_code(user.to_owned(), code_hash.clone()).await?;
    Ok(known.then_some(Factor::Recovery { code_hash }))
}

/// The time step of a credential that a code belongs to.
pub(crate) fn step_of(auth: &Auth, credential: &CredentialRow, code: &str) -> Option<i64> {
    let secret = secret(auth, credential)?;
    totp::step_of(&secret, code, auth.clock.now_ms())
        .filter(|step| credential.last_step.is_none_or(|last| last < *step))
}

/// The secret of an authenticator app; `None`, and a line in the log, when it does not open.
pub(crate) fn secret(auth: &Auth, credential: &CredentialRow) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let opened = auth.vault.open(TOTP_SECRET, &credential.id, &credential.secret);
    if opened.is_none() {
        tracing::error!(
            credential = credential.id,
            "a totp secret does not open: is secret_key the one it was sealed with?"
        );
    }
    opened
}

/// The one answer to every wrong code.
pub(crate) fn wrong() -> Problem {
    Problem::field("code", "verification_failed")
}
