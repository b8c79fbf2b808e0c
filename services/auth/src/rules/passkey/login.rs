//! Signing in with a passkey alone: what has it, and a finger, a face or a PIN, are two factors.

use gantry_kernel::RealmId;
use serde_json::Value;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PublicKeyCredential};

use super::ceremony::{self, Bound, Kind};
use super::party::{self, Party};
use super::registration::{defect, text_of};
use super::{Begun, handle, kept, over, read};
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::login::{Known, failed};
use crate::service::Auth;
use crate::store::{CredentialRow, UserRow};

/// What a browser showed, as its page sent it.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) ceremony: Option<String>,
    pub(crate) credential: Option<String>,
}

/// Begins to sign in: nobody is named, so nothing can be told of anybody (T-07).
pub(crate) async fn begin(auth: &Auth, realm: &RealmId) -> Result<Begun, Error> {
    let party = party::find(auth, realm).await?;
    let (wanted, state) = party.webauthn.start_discoverable_authentication().map_err(defect)?;
    Ok(Begun {
        ceremony: ceremony::seal(auth, realm, Kind::Login, bound(&party), state)?,
        options: serde_json::to_string(&wanted.public_key).map_err(defect)?,
    })
}

/// Finds out whose passkey has signed. All that can be wrong with it is one answer and the event of a failed login.
pub(crate) async fn finish(auth: &Auth, cause: &Cause, realm: &RealmId, shown: Shown) -> Result<Known, Error> {
    let party = party::find(auth, realm).await?;
    let ceremony = shown.ceremony.ok_or_else(over)?;
    let state = ceremony::take(auth, realm, Kind::Login, &bound(&party), &ceremony).await?;
    let sent: Option<PublicKeyCredential> = read(&shown.credential.unwrap_or_default());
    let found = match &sent {
        Some(sent) => find(auth, realm, &party, sent).await?,
        None => None,
    };
    let (Some(sent), Some((row, user))) = (sent, found) else {
        return Err(failed(auth, cause, realm, None).await);
    };
    // Counted apart from passwords: who guesses those keeps nobody from their passkey (T-12).
    let attempt = auth.throttle.attempt(realm, &format!(" passkey {}", user.id)).await?;
    let used = match verified(&party, &sent, state, &row) {
        Some(used) if user.state == "active" => use_up(auth, &row, used).await?,
        _ => false,
    };
    if !used {
        return Err(failed(auth, cause, realm, Some(user.id)).await);
    }
    auth.throttle.right(attempt).await;
    Ok(Known {
        user,
        second_factor: false,
    })
}

/// The passkey that a browser names, where it is of the user whom the authenticator names.
async fn find(
    auth: &Auth,
    realm: &RealmId,
    party: &Party,
    sent: &PublicKeyCredential,
) -> Result<Option<(CredentialRow, UserRow)>, Error> {
    let Ok((owner, id)) = party.webauthn.identify_discoverable_authentication(sent) else {
        return Ok(None);
    };
    let (realm, provider) = (realm.as_str().to_owned(), party.provider.id.clone());
    let found = auth.store.find_passkey(realm, provider, text_of(id)).await?;
    Ok(found.filter(|(_, user)| handle(&user.id) == Some(owner)))
}

/// A passkey that has signed, as it is kept from now on.
struct Used {
    body: String,
    count: i64,
}

/// Checks challenge, origin, domain, presence, verification, signature and counter.
fn verified(
    party: &Party,
    sent: &PublicKeyCredential,
    state: DiscoverableAuthentication,
    row: &CredentialRow,
) -> Option<Used> {
    let mut passkey: Passkey = kept(row)?;
    if is_framed(&sent.response.client_data_json) {
        return None;
    }
    let checked = party
        .webauthn
        .finish_discoverable_authentication_v2(sent, state, &passkey);
    let said = checked
        .inspect_err(|why| tracing::info!(credential = row.id, ?why, "a passkey was refused"))
        .ok()
        .filter(|said| said.user_verified())?;
    passkey.update_credential(&said)?;
    Some(Used {
        body: serde_json::to_string(&passkey).ok()?,
        count: said.counter().into(),
    })
}

/// Whether the page that asked stood in a frame of another's, where nobody sees what they agree to. The library looks at this when
/// a passkey is added, and not when it signs.
fn is_framed(client_data: &[u8]) -> bool {
    let told: Option<Value> = serde_json::from_slice(client_data).ok();
    let says = |name: &str| {
        told.as_ref()
            .and_then(|told| told.get(name))
            .cloned()
            .unwrap_or_default()
    };
    says("crossOrigin") == Value::Bool(true) || !says("topOrigin").is_null()
}

/// Notes the counter down; tells whether it went on. A copy of a passkey that signs at the same time does not get in with it.
async fn use_up(auth: &Auth, row: &CredentialRow, used: Used) -> Result<bool, Error> {
    let now = auth.clock.now_ms();
    let (realm, id) = (row.realm_id.clone(), row.id.clone());
    Ok(auth.store.use_passkey(realm, id, used.body, used.count, now).await?)
}

fn bound(party: &Party) -> Bound {
    Bound {
        provider: party.provider.id.clone(),
        ..Bound::default()
    }
}
