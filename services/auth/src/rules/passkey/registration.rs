//! Adding a passkey, with a session.

use gantry_kernel::{Problem, RealmId, Reason};
use serde_json::{Value, json};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

use super::ceremony::{self, Bound, Kind};
use super::party::{self, Party};
use super::{Begun, handle, kept, list, over, read};
use crate::error::{Error, taken};
use crate::held::Held;
use crate::rules::cause::Cause;
use crate::rules::check::{Checks, SHORT};
use crate::rules::{credential, name};
use crate::service::Auth;
use crate::store::{CredentialRow, UserRow};

/// What a browser made, as its page sent it.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) ceremony: Option<String>,
    pub(crate) credential: Option<String>,
    pub(crate) name: Option<String>,
}

/// Begins to add a passkey: one that the browser finds by itself later, and that is used with the owner's finger, face or PIN.
pub(crate) async fn begin(auth: &Auth, realm: &RealmId, held: &Held, user: &UserRow) -> Result<Begun, Error> {
    let party = party::find(auth, realm).await?;
    may_have(&party, user)?;
    let own = list(auth, user).await?;
    let known = own.iter().filter_map(kept).map(|key| key.cred_id().clone()).collect();
    let shown = name::shown(user.first_name.as_deref(), user.last_name.as_deref(), &user.email);
    let id = handle(&user.id).ok_or(Reason::Inconsistent)?;
    let begun = party
        .webauthn
        .start_passkey_registration(id, &user.email, &shown, Some(known));
    let (created, state) = begun.map_err(defect)?;
    let mut options = serde_json::to_value(created.public_key).map_err(defect)?;
    // The library leaves it to the browser whether it will find the passkey by itself; signing in names nobody, so it must.
    if let Some(Value::Object(wanted)) = options.get_mut("authenticatorSelection") {
        wanted.insert("residentKey".to_owned(), json!("required"));
        wanted.insert("requireResidentKey".to_owned(), json!(true));
    }
    Ok(Begun {
        ceremony: ceremony::seal(auth, realm, Kind::Registration, bound(&party, held), state)?,
        options: options.to_string(),
    })
}

/// Keeps the passkey that the browser made. Event: `user.updated`.
pub(crate) async fn finish(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    (held, user): (&Held, &UserRow),
    made: Made,
) -> Result<CredentialRow, Error> {
    let party = party::find(auth, realm).await?;
    may_have(&party, user)?;
    let mut checks = Checks::default();
    let name = checks.text("name", made.name, SHORT);
    let sent = made.credential.unwrap_or_default();
    if sent.is_empty() {
        checks.fail("credential", "required");
    }
    checks.done()?;
    let ceremony = made.ceremony.ok_or_else(over)?;
    let state: PasskeyRegistration =
        ceremony::take(auth, realm, Kind::Registration, &bound(&party, held), &ceremony).await?;
    let sent: RegisterPublicKeyCredential = read(&sent).ok_or_else(refused)?;
    let passkey = party
        .webauthn
        .finish_passkey_registration(&sent, &state)
        .map_err(|why| {
            tracing::info!(user = user.id, ?why, "a passkey was not added");
            refused()
        })?;
    let body = serde_json::to_string(&passkey).map_err(defect)?;
    let mut row = credential::row(&auth.ids, &user.id, &party.provider, body, auth.clock.now_ms());
    row.name = name;
    row.provider_user_id = Some(text_of(passkey.cred_id()));
    let mut event = auth.event(realm, "user.updated", cause);
    event.user_id = Some(user.id.clone());
    let added = auth.store.add_passkey(row.clone(), auth.store.holder(), vec![event]);
    // Whoever shows somebody else's passkey as theirs learns no more than that.
    added.await.map_err(taken("provider_user_id", "credential"))?;
    auth.relay.wake();
    Ok(row)
}

/// A passkey is a way in for good: whoever has to show that the address is theirs shows that first (T-05).
fn may_have(party: &Party, user: &UserRow) -> Result<(), Problem> {
    let asked = party.settings.email_verification == "required";
    match asked && user.email_verification != "verified" {
        true => Err(Problem::field("email", "verify_email_first")),
        false => Ok(()),
    }
}

fn bound(party: &Party, held: &Held) -> Bound {
    Bound {
        provider: party.provider.id.clone(),
        user: Some(held.user_id.clone()),
        session: Some(held.session_id.clone()),
    }
}

/// The text by which a passkey is looked up.
pub(super) fn text_of(id: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
}

fn refused() -> Problem {
    Problem::field("credential", "verification_failed")
}

pub(super) fn defect(why: impl std::fmt::Debug) -> Error {
    tracing::error!(?why, "a passkey ceremony could not be begun");
    Reason::Internal.into()
}
