//! Client apps (contract 3.9).

use gantry_db::JsonText;
use gantry_kernel::{ClientAppId, Problem, RealmId, Rng, Secret, Violation, base62};
use sha2::{Digest, Sha256};

use super::check::{Checks, LONG, SHORT};
use super::realm::{SCOPES, Sent};
use super::redirect::{is_redirect, is_web};
use crate::store::{ClientAppPatch, ClientAppRow};

/// Redirect URIs an app may have.
const MOST: usize = 100;
/// What an OAuth2 app may ask for when nobody says otherwise.
const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];
/// What an OAuth2 app can be: only the first can keep a secret.
const APP_TYPES: &[&str] = &["web", "browser", "native"];
/// The shortest secret that a caller may choose: fast to hash, so it must not be guessable.
const SECRET_MIN: usize = 32;

/// A client app as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) client_type: Sent<String>,
    pub(crate) name: Sent<String>,
    pub(crate) state: Sent<String>,
    pub(crate) redirect_uris: Option<Vec<String>>,
    pub(crate) allowed_scopes: Option<Vec<String>>,
    pub(crate) app_type: Sent<String>,
    pub(crate) logo: Sent<String>,
    pub(crate) trusted: Sent<bool>,
    pub(crate) secret: Sent<Secret>,
}

/// A client app to add or to change, and its secret where one was made or set: to be shown now and never again.
#[derive(Debug)]
pub(crate) struct Made<T> {
    pub(crate) app: T,
    pub(crate) secret: Option<Secret>,
}

/// Reads a new client app as a caller sent it.
pub(crate) fn new(
    input: Input,
    id: &ClientAppId,
    realm: &RealmId,
    rng: &dyn Rng,
    now: i64,
) -> Result<Made<ClientAppRow>, Problem> {
    let kind = input.client_type.clone().flatten();
    let row = ClientAppRow {
        id: id.as_str().to_owned(),
        realm_id: realm.as_str().to_owned(),
        client_type: kind.unwrap_or_else(|| "standard".to_owned()),
        name: "Default".to_owned(),
        state: "active".to_owned(),
        redirect_uris: JsonText::strings::<&str>(&[]),
        created_at: now,
        updated_at: now,
        allowed_scopes: JsonText::strings::<&str>(&[]),
        app_type: None,
        logo: None,
        trusted: false,
        secret_hash: None,
    };
    // An OAuth2 app says what it is and what it may ask for, if only by default.
    let input = if row.client_type == "oauth2" {
        Input {
            app_type: Some(input.app_type.flatten()),
            allowed_scopes: Some(input.allowed_scopes.unwrap_or_default()),
            ..input
        }
    } else {
        input
    };
    let made = change(input, &row, rng, now)?;
    let mut row = row;
    apply(&mut row, made.app);
    Ok(Made {
        app: row,
        secret: made.secret,
    })
}

/// Reads what changes in a client app; what was not sent stays, null is the default again.
pub(crate) fn change(
    input: Input,
    old: &ClientAppRow,
    rng: &dyn Rng,
    now: i64,
) -> Result<Made<ClientAppPatch>, Problem> {
    let mut checks = Checks::default();
    if let Some(kind) = input.client_type.flatten() {
        let kind = checks.word("client_type", &kind, &["standard", "oauth2"]);
        if kind != old.client_type {
            checks.fail("client_type", "read_only");
        }
    }
    let mut patch = ClientAppPatch {
        updated_at: now,
        name: input.name.map(|sent| {
            let text = checks.text("name", sent, SHORT);
            text.unwrap_or_else(|| "Default".to_owned())
        }),
        state: input.state.map(|sent| {
            let word = sent.as_deref().unwrap_or("active");
            checks.word("state", word, &["active", "inactive"])
        }),
        redirect_uris: input.redirect_uris.map(|sent| redirects(&mut checks, &sent)),
        logo: input.logo.map(|sent| logo(&mut checks, sent)),
        ..ClientAppPatch::default()
    };
    let mut secret = None;
    if old.client_type == "oauth2" {
        patch.trusted = input.trusted.map(Option::unwrap_or_default);
        patch.allowed_scopes = input.allowed_scopes.map(|sent| scopes(&mut checks, &sent));
        patch.app_type = input.app_type.map(|sent| {
            let word = sent.as_deref().unwrap_or("web");
            Some(checks.word("app_type", word, APP_TYPES))
        });
        let app_type = patch.app_type.as_ref().unwrap_or(&old.app_type);
        let keeps = app_type.as_deref() == Some("web");
        secret = secret_of(&mut checks, input.secret, keeps, old.secret_hash.is_some(), rng);
        patch.secret_hash = match (&secret, keeps) {
            (_, false) => Some(None),
            (Some(secret), true) => Some(Some(digest(secret.expose()))),
            (None, true) => None,
        };
    } else {
        // Never lost in silence: what only an OAuth2 app has is refused in another.
        let filled = [
            ("app_type", input.app_type.flatten().is_some()),
            (
                "allowed_scopes",
                input.allowed_scopes.is_some_and(|list| !list.is_empty()),
            ),
            ("trusted", input.trusted.flatten() == Some(true)),
            ("secret", input.secret.flatten().is_some()),
        ];
        for (field, _) in filled.into_iter().filter(|(_, filled)| *filled) {
            checks.fail(field, "oauth2_only");
        }
    }
    checks.done()?;
    Ok(Made { app: patch, secret })
}

/// Puts a patch on an app that is not stored yet.
fn apply(app: &mut ClientAppRow, patch: ClientAppPatch) {
    macro_rules! put {
        ($($field:ident),*) => { $( if let Some(value) = patch.$field { app.$field = value; } )* };
    }
    put!(
        name,
        state,
        redirect_uris,
        allowed_scopes,
        app_type,
        logo,
        trusted,
        secret_hash
    );
}

/// A secret that a caller chose, a new one where it sent null or there is none yet, else the one that is kept.
fn secret_of(checks: &mut Checks, sent: Sent<Secret>, keeps: bool, has_one: bool, rng: &dyn Rng) -> Option<Secret> {
    let chosen = sent.clone().flatten().filter(|secret| !secret.is_empty());
    if !keeps {
        if chosen.is_some() {
            checks.fail("secret", "web_app_only");
        }
        return None;
    }
    match chosen {
        Some(secret) => {
            let text = secret.expose();
            if text.len() < SECRET_MIN {
                checks.add(Violation::new("secret", "too_short").with("min", SECRET_MIN));
            } else if text.len() > SHORT {
                checks.add(Violation::new("secret", "too_long").with("max", SHORT));
            } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                checks.fail("secret", "invalid_characters");
            }
            Some(secret)
        }
        None if sent.is_some() || !has_one => {
            let text = format!("cas_{}{}", base62::encode(rng.u128()), base62::encode(rng.u128()));
            Some(Secret::new(text))
        }
        None => None,
    }
}

/// What is kept of a client secret.
pub(crate) fn digest(secret: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(secret.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a text cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        })
}

/// Whether a text is the app's secret. Compares digests in constant time.
pub(crate) fn is_secret(app: &ClientAppRow, text: &str) -> bool {
    let kept = app.secret_hash.clone().map(Secret::new);
    kept.is_some_and(|kept| kept.matches(&digest(text)))
}

fn redirects(checks: &mut Checks, sent: &[String]) -> JsonText {
    if sent.len() > MOST {
        checks.add(Violation::new("redirect_uris", "too_many_items").with("max", MOST));
    }
    if !sent.iter().all(|uri| is_redirect(uri)) {
        checks.fail("redirect_uris", "redirect_uri_format");
    }
    JsonText::strings(sent)
}

fn scopes(checks: &mut Checks, sent: &[String]) -> JsonText {
    let words = sent.iter().flat_map(|item| item.split([' ', ',']));
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| !SCOPES.contains(word)) {
        checks.add(Violation::new("allowed_scopes", "unknown_value").with("allowed", SCOPES.join(", ")));
    }
    if words.is_empty() {
        words.extend(DEFAULT_SCOPES);
    }
    JsonText::strings(&words)
}

fn logo(checks: &mut Checks, sent: Option<String>) -> Option<String> {
    let text = checks.text("logo", sent, LONG);
    if text.as_deref().is_some_and(|text| !is_web(text)) {
        checks.fail("logo", "web_address_format");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::{Id, SeededRng};

    fn sent(text: &str) -> Sent<String> {
        Some(Some(text.to_owned()))
    }

    fn make(input: Input) -> Result<Made<ClientAppRow>, Problem> {
        let (id, realm) = (ClientAppId::from_bits(1), RealmId::from_bits(1));
        new(input, &id, &realm, &SeededRng::new(1), 1)
    }

    fn oauth2(app_type: &str) -> Input {
        Input {
            client_type: sent("oauth2"),
            app_type: sent(app_type),
            ..Input::default()
        }
    }

    #[test]
    fn only_a_web_app_has_a_secret_and_only_its_digest_is_kept() {
        let made = make(oauth2("web")).unwrap();
        let secret = made.secret.unwrap();
        assert_eq!(made.app.secret_hash.unwrap(), digest(secret.expose()));
        assert_eq!(made.app.allowed_scopes.to_strings(), DEFAULT_SCOPES);
        for public in ["browser", "native"] {
            let made = make(oauth2(public)).unwrap();
            assert!(made.secret.is_none() && made.app.secret_hash.is_none());
            let chosen = Input {
                secret: Some(Some(Secret::new("x".repeat(40)))),
                ..oauth2(public)
            };
            assert_eq!(make(chosen).unwrap_err().violations[0].key, "web_app_only");
        }
    }

    #[test]
    fn a_secret_changes_only_when_that_is_asked_for() {
        let rng = SeededRng::new(2);
        let row = make(oauth2("web")).unwrap().app;
        let kept = change(Input::default(), &row, &rng, 2).unwrap();
        assert!(kept.secret.is_none() && kept.app.secret_hash.is_none());
        let again = Input {
            secret: Some(None),
            ..Input::default()
        };
        let new = change(again, &row, &rng, 2).unwrap();
        assert_ne!(new.app.secret_hash.unwrap(), row.secret_hash);
        // An app that becomes public loses it; one that becomes a web app again gets another.
        let public = Input {
            app_type: sent("native"),
            ..Input::default()
        };
        assert_eq!(change(public, &row, &rng, 2).unwrap().app.secret_hash, Some(None));
        let native = make(oauth2("native")).unwrap().app;
        let web = Input {
            app_type: sent("web"),
            ..Input::default()
        };
        assert!(change(web, &native, &rng, 2).unwrap().secret.is_some());
    }

    #[test]
    fn a_standard_app_takes_nothing_of_oauth2() {
        let wrong = Input {
            app_type: sent("web"),
            allowed_scopes: Some(vec!["openid".to_owned()]),
            trusted: Some(Some(true)),
            secret: Some(Some(Secret::new("x".repeat(40)))),
            ..Input::default()
        };
        assert_eq!(make(wrong).unwrap_err().violations.len(), 4);
        let empty = Input {
            app_type: Some(None),
            allowed_scopes: Some(Vec::new()),
            trusted: Some(Some(false)),
            secret: Some(None),
            ..Input::default()
        };
        assert!(make(empty).is_ok());
    }

    #[test]
    fn the_type_stays() {
        let row = make(Input::default()).unwrap().app;
        let to = |kind: &str| Input {
            client_type: sent(kind),
            ..Input::default()
        };
        assert!(change(to("standard"), &row, &SeededRng::new(1), 2).is_ok());
        let wrong = change(to("oauth2"), &row, &SeededRng::new(1), 2).unwrap_err();
        assert_eq!(wrong.violations[0].key, "read_only");
    }
}
