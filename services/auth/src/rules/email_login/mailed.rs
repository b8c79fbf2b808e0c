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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::email_login::begin;
    use crate::stage::{NOW, Stage};
    use crate::store::RealmPatch;

    async fn stage(word: &str) -> Stage {
        let stage = Stage::new().await;
        let patch = RealmPatch {
            email_login: Some(word.to_owned()),
            ..RealmPatch::default()
        };
        stage.set_realm(patch).await;
        stage
    }

    #[test]
    fn each_form_of_the_text_tells_which_mail_it_is() {
        let name = "0".repeat(base62::LEN);
        let (link, alone) = (format!("tml:{name}"), format!("tmc:{name}"));
        assert_eq!(token_hash(&link), Some(digest(&link)));
        assert_eq!(token_hash(&format!("{link}:12345678")), Some(digest(&link)));
        assert_eq!(token_hash(&format!("{alone}:12345678")), Some(digest(&alone)));
        for other in ["", "tml:", "tml:é", &format!("{link}0"), &format!("tpw:{name}"), &name] {
            assert_eq!(token_hash(other), None, "{other}");
        }
        assert_eq!(link_hash(&link), Some(digest(&link)));
        for other in ["", "tml:", &format!("{link}:12345678"), &alone, &format!("{link}é")] {
            assert_eq!(link_hash(other), None, "{other}");
        }
    }

    #[tokio::test]
    async fn what_is_kept_tells_neither_what_the_mail_brings_nor_what_the_browser_holds() {
        let stage = stage("both").await;
        let (auth, cause) = (&stage.auth, Cause::default());
        let user = stage.user("ana@b.example", None).await;
        let settings = auth.store.find_realm(stage.realm.as_str().to_owned()).await;
        let (settings, who) = (settings.unwrap().unwrap(), "Ana@b.example".to_owned());
        let asked = begin(auth, &cause, &stage.realm, &settings, who);
        let handle = asked.await.unwrap().unwrap();
        let tasks = auth.store.list_due_tasks(NOW, 10).await.unwrap();
        assert_eq!(tasks.len(), 1);
        let id = handle.expose().get(4..4 + base62::LEN).unwrap();
        assert!(!tasks[0].body.contains(id), "{}", tasks[0].body);
        assert!(crate::carry_out::carry_out(auth, &tasks[0]).await.unwrap());

        let event = stage.events().await.remove(0);
        assert_eq!(event.event_type, "user.login.requested");
        let text = auth.event_tokens.open(&event.id, event.token_sealed.as_ref().unwrap());
        let text = text.unwrap();
        let (link, code) = text.rsplit_once(':').unwrap();
        let found = auth
            .store
            .find_email_login(user.realm_id.clone(), token_hash(&text).unwrap(), NOW);
        let (row, _) = found.await.unwrap().unwrap();
        assert_eq!((row.expires_at, row.guesses), (NOW + LIFETIME_MS, 0));
        let kept = format!("{row:?} {event:?}");
        for secret in [link, code, handle.expose(), id] {
            assert!(!kept.contains(secret), "{kept}");
        }
        // Nor can the code be found by trying all of them without what the browser holds.
        assert_ne!(row.code_hash, Some(digest(code)));
        assert_eq!(row.code_hash, Some(code::hash(handle.expose(), code)));
    }

    #[tokio::test]
    async fn what_is_over_is_forgotten_and_mailed_to_nobody() {
        let stage = stage("code").await;
        let (auth, cause) = (&stage.auth, Cause::default());
        stage.user("ana@b.example", None).await;
        let (_, sealed) = handle::fresh(auth, &stage.realm, "ana@b.example").unwrap();
        let mail = || send(auth, &cause, &stage.realm, "ana@b.example", Some(&sealed));
        mail().await.unwrap();
        assert_eq!(stage.events().await.len(), 1);
        stage.clock.jump_to_ms(NOW + LIFETIME_MS);
        // The browser holds nothing any more that a code could go with.
        mail().await.unwrap();
        assert_eq!(stage.events().await.len(), 1);
        let store = &auth.store;
        assert_eq!(store.prune_email_logins(NOW + LIFETIME_MS - 1, 10).await.unwrap(), 0);
        assert_eq!(store.prune_email_logins(NOW + LIFETIME_MS, 10).await.unwrap(), 1);
    }
}
