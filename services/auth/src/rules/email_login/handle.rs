//! What the browser that asked holds: whom it named, and until when, sealed for the realm. Strangers get one too, which looks and
//! lasts the same (T-07); nothing is kept of it but its digest, with the mail of whoever was named.

use gantry_kernel::{Problem, RealmId, Reason, Secret, base62};
use gantry_seal::Purpose;
use serde::{Deserialize, Serialize};

use super::LIFETIME_MS;
use crate::rules::key::digest;
use crate::rules::login::IDENTITY_MAX;
use crate::service::Auth;

/// The word before the colon.
const WORD: &str = "tmh:";
/// Seals what a handle says.
const HANDLE: Purpose = Purpose::new("mail login handle");
/// Seals a handle on its way to whoever makes the mail.
const ON_ITS_WAY: Purpose = Purpose::new("mail login handle on its way");
/// The longest that one is, in bytes: a name has at most so many characters, of four bytes each, and is written in base64.
const LONGEST: usize = 8 * IDENTITY_MAX;

#[derive(Serialize, Deserialize)]
struct Said {
    #[serde(rename = "w")]
    who: String,
    #[serde(rename = "e")]
    expires_at: i64,
}

/// A handle that is good still.
pub(super) struct Opened {
    /// Whom the browser named.
    pub(super) who: String,
    /// What is kept of the handle.
    pub(super) hash: String,
}

/// A handle for a browser, and the same sealed for a task, since tasks are kept.
pub(super) fn fresh(auth: &Auth, realm: &RealmId, who: &str) -> Result<(Secret, String), Problem> {
    let said = Said {
        // Nobody has a longer name.
        who: who.chars().take(IDENTITY_MAX).collect(),
        expires_at: auth.clock.now_ms().saturating_add(LIFETIME_MS),
    };
    let id = base62::encode(auth.rng.u128());
    let seal = |purpose: Purpose, row: &str, body: &[u8]| {
        let sealed = auth.vault.seal(purpose, row, body, &*auth.rng);
        sealed.ok_or(Reason::Internal)
    };
    let body = serde_json::to_vec(&said).map_err(|_never| Reason::Internal)?;
    let sealed = seal(HANDLE, &row(realm, &id), &body)?;
    let handle = format!("{WORD}{id}{sealed}");
    let on_its_way = seal(ON_ITS_WAY, realm.as_str(), handle.as_bytes())?;
    Ok((Secret::new(handle), on_its_way))
}

/// The handle that a task was given.
pub(super) fn of_task(auth: &Auth, realm: &RealmId, sealed: &str) -> Option<Secret> {
    let bytes = auth.vault.open(ON_ITS_WAY, realm.as_str(), sealed)?;
    String::from_utf8(bytes.to_vec()).ok().map(Secret::new)
}

/// Whether a text claims to be a handle.
pub(super) fn is_claimed(text: &str) -> bool {
    text.starts_with(WORD)
}

/// Opens a handle that a browser brought; absent for one that is over, or of another realm, or none at all.
pub(super) fn open(auth: &Auth, realm: &RealmId, text: &str) -> Option<Opened> {
    let body = text.strip_prefix(WORD).filter(|body| body.len() <= LONGEST)?;
    let (id, sealed) = body.split_at_checked(base62::LEN)?;
    base62::decode(id)?;
    let said = auth.vault.open(HANDLE, &row(realm, id), sealed)?;
    let said: Said = serde_json::from_slice(&said).ok()?;
    (auth.clock.now_ms() < said.expires_at).then(|| Opened {
        who: said.who,
        hash: digest(text),
    })
}

/// A handle of one realm opens in no other.
fn row(realm: &RealmId, id: &str) -> String {
    format!("{realm} {id}")
}

#[cfg(test)]
mod tests {
    use gantry_kernel::Id;

    use super::*;
    use crate::stage::{NOW, Stage};

    #[tokio::test]
    async fn a_handle_opens_in_its_realm_for_its_time() {
        let stage = Stage::new().await;
        let (handle, on_its_way) = fresh(&stage.auth, &stage.realm, "Ana@b.example").unwrap();
        let open = |realm: &RealmId, text: &str| open(&stage.auth, realm, text).map(|opened| opened.who);
        let text = handle.expose();
        assert!(is_claimed(text) && !text.to_lowercase().contains("ana"));
        assert_eq!(open(&stage.realm, text).as_deref(), Some("Ana@b.example"));
        assert_eq!(open(&RealmId::from_bits(9), text), None);
        for nonsense in [
            "",
            "tmh:",
            "tmh:ééééééééééééé",
            &text.replace("tmh", "tml"),
            text.get(..text.len() - 1).unwrap(),
        ] {
            assert_eq!(open(&stage.realm, nonsense), None, "{nonsense}");
        }
        let of_task = |realm: &RealmId| of_task(&stage.auth, realm, &on_its_way).map(|found| found.expose().to_owned());
        assert_eq!(of_task(&stage.realm).as_deref(), Some(text));
        assert_eq!(of_task(&RealmId::from_bits(9)), None);
        stage.clock.jump_to_ms(NOW + LIFETIME_MS - 1);
        assert!(open(&stage.realm, text).is_some());
        stage.clock.jump_to_ms(NOW + LIFETIME_MS);
        assert_eq!(open(&stage.realm, text), None);
    }

    #[tokio::test]
    async fn t_07_handles_of_names_of_one_length_are_of_one_length() {
        let stage = Stage::new().await;
        stage.user("ana@b.example", None).await;
        let length = |who: &str| fresh(&stage.auth, &stage.realm, who).unwrap().0.expose().len();
        assert_eq!(length("ana@b.example"), length("eve@b.example"));
        let longest = length(&"\u{10000}".repeat(5000));
        assert!(longest <= LONGEST, "{longest}");
        let (handle, _) = fresh(&stage.auth, &stage.realm, &"\u{10000}".repeat(5000)).unwrap();
        assert!(open(&stage.auth, &stage.realm, handle.expose()).is_some());
    }
}
