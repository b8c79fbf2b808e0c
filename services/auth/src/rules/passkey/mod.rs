//! Passkeys (WebAuthn): a user adds one with a session, and signs in with it alone (T-26). ADR 11 tells what the library checks and
//! what is checked here.

mod ceremony;
mod login;
mod party;
mod registration;

use gantry_kernel::{Problem, base62};
use webauthn_rs::prelude::{Passkey, Uuid};

use super::provider::PASSKEY;
use crate::error::Error;
use crate::service::Auth;
use crate::store::{CredentialRow, UserRow};

pub(crate) use login::{Shown, begin as begin_login, finish as finish_login};
pub(crate) use registration::{Made, begin as begin_registration, finish as finish_registration};

/// The longest that a browser tells of a credential, in bytes.
const LONGEST: usize = 32 * 1024;

/// A ceremony that was begun.
#[derive(Debug)]
pub(crate) struct Begun {
    /// What goes back with the browser's answer.
    pub(crate) ceremony: String,
    /// What the browser is given, as JSON.
    pub(crate) options: String,
}

/// A user's passkeys.
pub(crate) async fn list(auth: &Auth, user: &UserRow) -> Result<Vec<CredentialRow>, Error> {
    let mut all = auth.store.list_credentials(user.id.clone()).await?;
    all.retain(|row| row.credential_type == PASSKEY);
    Ok(all)
}

/// The passkey that a credential keeps; `None`, and a line in the log, for what is none.
fn kept(row: &CredentialRow) -> Option<Passkey> {
    let passkey = serde_json::from_str(&row.secret).ok();
    if passkey.is_none() {
        tracing::error!(credential = row.id, "a passkey does not read");
    }
    passkey
}

/// The number by which an authenticator knows a user: the one that the user's id is written from.
fn handle(user: &str) -> Option<Uuid> {
    let (_, digits) = user.split_once('_')?;
    base62::decode(digits).map(Uuid::from_u128)
}

/// What a browser sent of a credential; a form carries the JSON as a text.
fn read<T: serde::de::DeserializeOwned>(sent: &str) -> Option<T> {
    if sent.len() > LONGEST {
        return None;
    }
    match serde_json::from_str::<String>(sent) {
        Ok(text) => serde_json::from_str(&text).ok(),
        Err(_not_a_text) => serde_json::from_str(sent).ok(),
    }
}

/// The one answer to a ceremony that is not worth anything: expired, used, begun elsewhere, by somebody else or for something else.
fn over() -> Problem {
    Problem::field("ceremony", "ceremony_over")
}

#[cfg(test)]
mod tests {
    use gantry_kernel::{Id, UserId};

    #[test]
    fn a_handle_is_a_user_s_number() {
        let user = UserId::from_bits(7);
        assert_eq!(super::handle(user.as_str()).unwrap().as_u128(), 7);
        assert_eq!(super::handle("usr_short"), None);
        assert_eq!(super::handle(""), None);
    }

    #[test]
    fn a_form_carries_a_credential_as_text() {
        let sent = r#"{"a":1}"#;
        let texted = serde_json::to_string(sent).unwrap();
        for sent in [sent, &texted] {
            let read: serde_json::Value = super::read(sent).unwrap();
            assert_eq!(read["a"], 1);
        }
        assert_eq!(super::read::<serde_json::Value>(&" ".repeat(40_000)), None);
        assert_eq!(super::read::<serde_json::Value>("{"), None);
    }
}
