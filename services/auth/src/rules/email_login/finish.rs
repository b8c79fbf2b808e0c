//! Signing in by what a mail brought.

use gantry_kernel::{Problem, RealmId, Secret, normalize_identity};

use super::code::{self, GUESSES};
use super::{Ways, handle, mailed};
use crate::carry_out::at_once;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::login::{self, Known};
use crate::rules::{factor, token};
use crate::service::Auth;
use crate::store::{CodeGuess, EmailSignIn, EmailUser, RealmRow};

/// Finds out whose mail it was, and uses it up. The second factor is still to come: a mailbox is no more than one.
///
/// # Errors
/// With a violation of `token` for a link or a handle that is not worth anything; for a code that is wrong, whatever is wrong with it,
/// with one of `code`.
pub(crate) async fn finish(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    settings: &RealmRow,
    text: &Secret,
    typed: &Secret,
) -> Result<Known, Error> {
    let (ways, text) = (Ways::of(settings)?, text.expose().trim());
    let found = match ways.code && handle::is_claimed(text) {
        true => by_code(auth, cause, realm, text, typed.expose()).await?,
        false => by_link(auth, cause, realm, ways, text).await?,
    };
    auth.relay.wake();
    if let Some(task) = found.task {
        // Before the new session is opened, which must not end with the others.
        at_once(auth, task).await;
    }
    Ok(Known {
        second_factor: factor::is_asked(auth, realm, &found.user.id).await?,
        user: found.user,
    })
}

async fn by_link(auth: &Auth, cause: &Cause, realm: &RealmId, ways: Ways, text: &str) -> Result<EmailUser, Error> {
    let hash = mailed::link_hash(text).filter(|_| ways.link);
    let hash = hash.ok_or_else(token::invalid)?;
    let used = auth.store.sign_in_by_link(hash, sign_in(auth, cause, realm)).await?;
    Ok(used.ok_or_else(token::invalid)?)
}

/// What strangers hold goes the same way as what users hold, and is counted alike (T-08).
async fn by_code(auth: &Auth, cause: &Cause, realm: &RealmId, text: &str, typed: &str) -> Result<EmailUser, Error> {
    if typed.trim().is_empty() {
        return Err(Problem::field("code", "required").into());
    }
    let opened = handle::open(auth, realm, text).ok_or_else(token::invalid)?;
    // What cannot be a code is no guess.
    let digits = code::read(typed).ok_or_else(factor::wrong)?;
    let user_id = login::find(auth, realm, &opened.who).await?.map(|found| found.user.id);
    let account = user_id.clone().unwrap_or_else(|| normalize_identity(&opened.who));
    // Counted apart from passwords and from authenticators: strangers who guess here keep nobody from those (T-12).
    let attempt = auth.throttle.attempt(realm, &format!(" mail {account}")).await?;
    let mut failed = auth.event(realm, "user.login.failed", cause);
    failed.user_id.clone_from(&user_id);
    let guess = CodeGuess {
        code_hash: code::hash(text, &digits),
        handle_hash: opened.hash,
        user_id,
        most: GUESSES,
        failed,
    };
    match auth.store.sign_in_by_code(guess, sign_in(auth, cause, realm)).await? {
        Some(found) => {
            auth.throttle.right(attempt).await;
            Ok(found)
        }
        None => {
            auth.relay.wake();
            Err(factor::wrong().into())
        }
    }
}

fn sign_in(auth: &Auth, cause: &Cause, realm: &RealmId) -> EmailSignIn {
    EmailSignIn {
        realm_id: realm.as_str().to_owned(),
        now: auth.clock.now_ms(),
        cause: cause.clone(),
        ids: auth.ids.clone(),
        holder: auth.store.holder(),
        verified: auth.event(realm, "user.email.verified", cause),
    }
}
