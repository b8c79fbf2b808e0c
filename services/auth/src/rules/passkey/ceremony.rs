//! What is settled when a ceremony begins, sealed, so that nothing need be kept: its challenge, and what it is bound to (T-26). What
//! is kept is that it was used.

use gantry_kernel::{Problem, RealmId, base62};
use gantry_seal::Purpose;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::over;
use crate::error::Error;
use crate::service::Auth;

/// How long a ceremony may take: as long as the browser is told to wait.
const LIFETIME_MS: i64 = 5 * 60 * 1000;
/// The longest that one is when it travels, in bytes: a user's passkeys are named in it.
const LONGEST: usize = 64 * 1024;

/// What a ceremony is for; none is good for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Registration,
    Login,
}

impl Kind {
    fn purpose(self) -> Purpose {
        match self {
            Self::Registration => Purpose::new("passkey registration"),
            Self::Login => Purpose::new("passkey login"),
        }
    }
}

/// What a ceremony is bound to, beside realm and kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Bound {
    /// The provider, for which all passkeys go with it.
    #[serde(rename = "p")]
    pub(super) provider: String,
    /// For a registration: the user.
    #[serde(rename = "u")]
    pub(super) user: Option<String>,
    /// For a registration: the session.
    #[serde(rename = "s")]
    pub(super) session: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Settled<S> {
    #[serde(rename = "b")]
    bound: Bound,
    #[serde(rename = "e")]
    expires_at: i64,
    #[serde(rename = "c")]
    state: S,
}

/// Seals a ceremony that begins now.
pub(super) fn seal(
    auth: &Auth,
    realm: &RealmId,
    kind: Kind,
    bound: Bound,
    state: impl Serialize,
) -> Result<String, Problem> {
    let settled = Settled {
        bound,
        expires_at: auth.clock.now_ms().saturating_add(LIFETIME_MS),
        state,
    };
    let id = base62::encode(auth.rng.u128());
    let body = serde_json::to_vec(&settled).ok();
    let sealed = body.and_then(|body| auth.vault.seal(kind.purpose(), &row(realm, &id), &body, &*auth.rng));
    Ok(sealed
        .map(|sealed| format!("{id}{sealed}"))
        .ok_or(gantry_kernel::Reason::Internal)?)
}

/// Opens a ceremony and uses it up, whatever comes of it: of two calls at once only one goes on.
///
/// # Errors
/// With one violation of `ceremony`, whatever is wrong with it.
pub(super) async fn take<S: DeserializeOwned>(
    auth: &Auth,
    realm: &RealmId,
    kind: Kind,
    bound: &Bound,
    sent: &str,
) -> Result<S, Error> {
    let now = auth.clock.now_ms();
    let (id, settled) = open::<S>(auth, realm, kind, sent).ok_or_else(over)?;
    if now >= settled.expires_at || settled.bound != *bound {
        return Err(over().into());
    }
    let first = auth
        .store
        .use_ceremony(id, realm.as_str().to_owned(), settled.expires_at, now);
    match first.await? {
        true => Ok(settled.state),
        false => Err(over().into()),
    }
}

fn open<S: DeserializeOwned>(auth: &Auth, realm: &RealmId, kind: Kind, sent: &str) -> Option<(String, Settled<S>)> {
    let (id, sealed) = sent
        .trim()
        .split_at_checked(base62::LEN)
        .filter(|_| sent.len() <= LONGEST)?;
    base62::decode(id)?;
    let body = auth.vault.open(kind.purpose(), &row(realm, id), sealed)?;
    Some((id.to_owned(), serde_json::from_slice(&body).ok()?))
}

/// A ceremony of one realm opens in no other.
fn row(realm: &RealmId, id: &str) -> String {
    format!("{realm} {id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Stage;

    fn bound(user: &str) -> Bound {
        Bound {
            provider: "ap_1".to_owned(),
            user: Some(user.to_owned()),
            session: Some("kss_1".to_owned()),
        }
    }

    async fn taken(stage: &Stage, kind: Kind, bound: &Bound, sent: &str) -> Option<String> {
        take(&stage.auth, &stage.realm, kind, bound, sent).await.ok()
    }

    #[tokio::test]
    async fn t_26_a_ceremony_is_used_once_also_by_many_at_once() {
        let stage = Stage::new().await;
        let sent = seal(&stage.auth, &stage.realm, Kind::Registration, bound("usr_1"), "state").unwrap();
        let mine = bound("usr_1");
        let tries = (0..8).map(|_| taken(&stage, Kind::Registration, &mine, &sent));
        let got = futures::future::join_all(tries).await;
        assert_eq!(got.iter().flatten().collect::<Vec<_>>(), ["state"]);
        assert_eq!(taken(&stage, Kind::Registration, &mine, &sent).await, None);
    }

    #[tokio::test]
    async fn t_26_a_ceremony_is_for_whom_and_what_it_was_begun_and_for_five_minutes() {
        let stage = Stage::new().await;
        let sent = seal(&stage.auth, &stage.realm, Kind::Registration, bound("usr_1"), "state").unwrap();
        assert_eq!(taken(&stage, Kind::Login, &bound("usr_1"), &sent).await, None);
        assert_eq!(taken(&stage, Kind::Registration, &bound("usr_2"), &sent).await, None);
        for other in [
            Bound {
                provider: "ap_2".to_owned(),
                ..bound("usr_1")
            },
            Bound {
                session: Some("kss_2".to_owned()),
                ..bound("usr_1")
            },
            Bound {
                session: None,
                ..bound("usr_1")
            },
            Bound::default(),
        ] {
            assert_eq!(
                taken(&stage, Kind::Registration, &other, &sent).await,
                None,
                "{other:?}"
            );
        }
        let other = gantry_kernel::Id::from_bits(9);
        let elsewhere: Result<String, _> = take(&stage.auth, &other, Kind::Registration, &bound("usr_1"), &sent).await;
        assert!(elsewhere.is_err());
        for nonsense in [
            "",
            "x",
            "éééééééééééé",
            "0000000000000000000000",
            &sent.replace(['a', 'b'], "c"),
        ] {
            assert_eq!(taken(&stage, Kind::Registration, &bound("usr_1"), nonsense).await, None);
        }
        // None of that has used it up; its time does.
        let end = stage.auth.clock.now_ms() + LIFETIME_MS;
        stage.clock.jump_to_ms(end);
        assert_eq!(taken(&stage, Kind::Registration, &bound("usr_1"), &sent).await, None);
        stage.clock.jump_to_ms(end - 1);
        assert!(
            taken(&stage, Kind::Registration, &bound("usr_1"), &sent)
                .await
                .is_some()
        );
    }
}
