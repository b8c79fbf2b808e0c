//! What a mail brings: the token of a link, a code, or both. It is made once its reader is known to be somebody, a few an hour (T-38).
//!
//! In its event it is one text: `tml:…` for a link, `tml:…:12345678` for a link and a code, `tmc:…:12345678` for a code alone, where
//! what is before the code only tells which mail it is.

use gantry_kernel::{RealmId, Secret, base62};

use super::{LIFETIME_MS, Ways, code, handle};
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::key::digest;
use crate::rules::login;
use crate::service::Auth;
use crate::store::{EmailLoginRow, UserRow};

/// The word before a link's token.
const LINK: &str = "tml:";
/// The word before what names a mail that has no link.
const CODE_ALONE: &str = "tmc:";

/// Mails whoever goes by a name, if anybody who may sign in. `sealed` is the handle of the browser that asked.
pub(crate) async fn send(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    who: &str,
    sealed: Option<&str>,
) -> Result<(), Error> {
    let Some(settings) = auth.store.find_realm(realm.as_str().to_owned()).await? else {
        return Ok(());
    };
    let Ok(mut ways) = Ways::of(&settings) else {
        // It was switched off meanwhile.
        return Ok(());
    };
    let Some(found) = login::find(auth, realm, who).await? else {
        return Ok(());
    };
    // However they were named, it is one mailbox.
    if found.user.state != "active" || auth.throttle.mail(realm, &found.user.id).await.is_err() {
        return Ok(());
    }
    let handle = sealed.and_then(|sealed| handle::of_task(auth, realm, sealed));
    let handle = handle.filter(|handle| handle::open(auth, realm, handle.expose()).is_some());
    // Codes were switched on after the browser asked, or this comes too late for it.
    ways.code &= handle.is_some();
    if !ways.link && !ways.code {
        return Ok(());
    }
    let made = made(auth, &found.user, ways, handle.as_ref().map(Secret::expose));
    let mut event = auth.event(realm, "user.login.requested", cause);
    event.user_id = Some(found.user.id);
    let events = vec![auth.with_token(event, &made.text)?];
    auth.store
        .put_email_login(made.row, auth.store.holder(), events)
        .await?;
    auth.relay.wake();
    Ok(())
}

struct Made {
    text: String,
    row: EmailLoginRow,
}

fn made(auth: &Auth, user: &UserRow, ways: Ways, handle: Option<&str>) -> Made {
    let now = auth.clock.now_ms();
    let word = if ways.link { LINK } else { CODE_ALONE };
    let mut text = format!("{word}{}", base62::encode(auth.rng.u128()));
    let token_hash = digest(&text);
    let coded = handle.filter(|_| ways.code).map(|handle| {
        let code = code::fresh(&*auth.rng);
        text = format!("{text}:{code}");
        (digest(handle), code::hash(handle, &code))
    });
    let (handle_hash, code_hash) = coded.unzip();
    let row = EmailLoginRow {
        user_id: user.id.clone(),
        realm_id: user.realm_id.clone(),
        email: user.email.clone(),
        token_hash,
        handle_hash,
        code_hash,
        guesses: 0,
        created_at: now,
        expires_at: now.saturating_add(LIFETIME_MS),
    };
    Made { text, row }
}

/// What is kept of the token in the text of an event; absent for a text that is of no such mail.
pub(crate) fn token_hash(text: &str) -> Option<String> {
    let bare = text.starts_with(LINK) || text.starts_with(CODE_ALONE);
    let end = LINK.len() + base62::LEN;
    let token = text.get(..end).filter(|_| bare)?;
    let rest = text.get(end..)?;
    (rest.is_empty() || rest.starts_with(':')).then(|| digest(token))
}

/// What is kept of a link's token; absent for a text that is none.
pub(super) fn link_hash(text: &str) -> Option<String> {
    let whole = text.starts_with(LINK) && text.len() == LINK.len() + base62::LEN;
    whole.then(|| digest(text))
}
