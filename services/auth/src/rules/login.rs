//! Signing in with a password (contract 2.4 and 3.2).

use gantry_kernel::{Id, RealmId, Reason, Secret, SessionId, normalize_identity};

use super::cause::Cause;
use super::password::PASSWORD_MAX;
use crate::error::Error;
use crate::service::Auth;
use crate::store::{LoginRow, UserRow};

/// The longest text that may name a user; nothing longer is stored, so nothing longer is looked up.
pub(crate) const IDENTITY_MAX: usize = 320;

/// Somebody who has shown who they are.
#[derive(Debug, PartialEq)]
pub(crate) struct Known {
    /// The user.
    pub(crate) user: UserRow,
    /// Whether a second factor is still to come.
    pub(crate) second_factor: bool,
}

/// Checks a password for whoever `who` names: an e-mail address, a username or an id.
///
/// Unknown users, users without a password, inactive users and wrong passwords are one answer, at one price (T-07, T-08): a hash is
/// computed and an event is written in each case.
pub(crate) async fn check_password(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    who: &str,
    password: &Secret,
) -> Result<Known, Error> {
    let found = find(auth, realm, who).await?;
    check_found(auth, cause, realm, who, found, password).await
}

/// Finds a user with what a login needs.
pub(crate) async fn find(auth: &Auth, realm: &RealmId, who: &str) -> Result<Option<LoginRow>, Error> {
    if who.is_empty() || who.len() > IDENTITY_MAX {
        return Ok(None);
    }
    let identity = normalize_identity(who);
    Ok(auth
        .store
        .find_login(realm.as_str().to_owned(), who.trim().to_owned(), identity)
        .await?)
}

/// Checks a password for a user who was looked up.
pub(crate) async fn check_found(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    who: &str,
    found: Option<LoginRow>,
    password: &Secret,
) -> Result<Known, Error> {
    let account = match &found {
        Some(row) => row.user.id.clone(),
        None => normalize_identity(who.get(..IDENTITY_MAX).unwrap_or(who)),
    };
    let attempt = auth.throttle.attempt(realm, &account).await?;
    let (user, hash, second_factor) = match found {
        Some(row) => (Some(row.user), row.hash, row.second_factor),
        None => (None, None, false),
    };
    // A password that could never have been set is not worth a hash; its length is the caller's own, so this tells nothing.
    let plausible = !password.is_empty() && password.expose().len() <= PASSWORD_MAX;
    let right = plausible && auth.passwords.verify(hash, password.clone()).await?;
    match user {
        Some(user) if right && user.state == "active" => {
            auth.throttle.right(attempt).await;
            Ok(Known { user, second_factor })
        }
        user => Err(failed(auth, cause, realm, user.map(|user| user.id)).await),
    }
}

/// Notes down that a login failed, and answers what all that fail are answered.
pub(crate) async fn failed(auth: &Auth, cause: &Cause, realm: &RealmId, user: Option<String>) -> Error {
    let mut event = auth.event(realm, "user.login.failed", cause);
    event.user_id = user;
    if let Err(error) = auth.store.add_event(auth.store.holder(), vec![event]).await {
        return error.into();
    }
    auth.relay.wake();
    Reason::LoginFailed.into()
}

/// Whether a password is the user's; counted like a login, so that this is no other way to guess (T-11).
pub(crate) async fn is_password(
    auth: &Auth,
    realm: &RealmId,
    user: &UserRow,
    hash: Option<String>,
    password: &Secret,
) -> Result<bool, Error> {
    let attempt = auth.throttle.attempt(realm, &user.id).await?;
    let plausible = !password.is_empty() && password.expose().len() <= PASSWORD_MAX;
    let right = plausible && auth.passwords.verify(hash, password.clone()).await?;
    if right {
        auth.throttle.right(attempt).await;
    }
    Ok(right)
}

/// Notes a login down, in one transaction with its event, and tells when it was.
pub(crate) async fn succeeded(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    user: &str,
    session: &str,
) -> Result<i64, Error> {
    let mut event = auth.event(realm, "user.login.succeeded", cause);
    event.user_id = Some(user.to_owned());
    // Only the record's id: what opens a session is not written down.
    event.session_id = Some(session.get(..SessionId::LEN).unwrap_or(session).to_owned());
    let at = event.event_at;
    auth.store
        .set_last_login(user.to_owned(), at, auth.store.holder(), vec![event])
        .await?;
    auth.relay.wake();
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::Passwords;
    use crate::stage::{Stage, TRIES};

    const RIGHT: &str = "correct horse";

    /// The ways not to sign in: who, with which password, and whether there is such a user.
    const REFUSED: [(&str, &str, bool); 5] = [
        ("nobody@b.example", RIGHT, false),
        ("Nobody", RIGHT, false),
        ("wrong@b.example", "wrong horse", true),
        ("bare@b.example", RIGHT, true),
        ("asleep@b.example", RIGHT, true),
    ];

    async fn stage() -> Stage {
        let stage = Stage::new().await;
        stage.user("right@b.example", Some(RIGHT)).await;
        stage.user("wrong@b.example", Some(RIGHT)).await;
        stage.user("bare@b.example", None).await;
        stage.user_as("asleep@b.example", Some(RIGHT), "inactive").await;
        stage
    }

    async fn sign_in(stage: &Stage, who: &str, password: &str) -> Result<UserRow, Reason> {
        let cause = Cause {
            ip: Some("192.0.2.1".to_owned()),
            client: Some("a browser".to_owned()),
            request_id: Some("rq_1".to_owned()),
        };
        let password = Secret::new(password);
        match check_password(&stage.auth, &cause, &stage.realm, who, &password).await {
            Ok(known) => Ok(known.user),
            Err(Error::Problem(problem)) => {
                assert_eq!(problem.violations, []);
                Err(problem.reason)
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn whoever_is_named_in_any_way_signs_in() {
        let stage = stage().await;
        let user = sign_in(&stage, " Right@B.example ", RIGHT).await.unwrap();
        assert_eq!(sign_in(&stage, &user.id, RIGHT).await, Ok(user));
        assert_eq!(stage.events().await, []);
    }

    #[tokio::test]
    async fn t_07_every_refusal_is_one_answer_and_one_event() {
        let stage = stage().await;
        for (who, password, known) in REFUSED {
            let before = stage.events().await.len();
            assert_eq!(sign_in(&stage, who, password).await, Err(Reason::LoginFailed), "{who}");
            let events = stage.events().await;
            assert_eq!(events.len(), before + 1, "{who}");
            let event = events.last().unwrap();
            assert_eq!(event.event_type, "user.login.failed");
            assert_eq!(event.user_id.is_some(), known, "{who}");
            assert_eq!(event.ip.as_deref(), Some("192.0.2.1"));
            assert_eq!(event.client.as_deref(), Some("a browser"));
            assert_eq!(event.request_id.as_deref(), Some("rq_1"));
        }
    }

    #[tokio::test]
    async fn t_08_every_path_computes_a_hash() {
        let mut stage = stage().await;
        stage.auth.passwords = Passwords::full(stage.auth.rng.clone());
        for (who, password, _) in REFUSED {
            assert_eq!(sign_in(&stage, who, password).await, Err(Reason::Busy), "{who}");
        }
        assert_eq!(sign_in(&stage, "right@b.example", RIGHT).await, Err(Reason::Busy));
    }

    #[tokio::test]
    async fn t_31_a_password_that_cannot_be_costs_no_hash() {
        let mut stage = stage().await;
        stage.auth.passwords = Passwords::full(stage.auth.rng.clone());
        let long = "x".repeat(PASSWORD_MAX + 1);
        for who in ["right@b.example", "nobody@b.example"] {
            for password in ["", &long] {
                assert_eq!(sign_in(&stage, who, password).await, Err(Reason::LoginFailed), "{who}");
            }
        }
    }

    #[tokio::test]
    async fn t_08_known_and_unknown_accounts_are_throttled_alike() {
        let stage = stage().await;
        for who in ["wrong@b.example", "nobody@b.example"] {
            for _ in 0..TRIES {
                assert_eq!(
                    sign_in(&stage, who, "wrong horse").await,
                    Err(Reason::LoginFailed),
                    "{who}"
                );
            }
            let before = stage.events().await.len();
            // Written another way it is the same account (T-10); the right password comes too late.
            let other = who.to_uppercase();
            assert_eq!(
                sign_in(&stage, &other, RIGHT).await,
                Err(Reason::TooManyAttempts),
                "{who}"
            );
            assert_eq!(stage.events().await.len(), before);
        }
        assert!(sign_in(&stage, "right@b.example", RIGHT).await.is_ok());
    }

    #[tokio::test]
    async fn a_right_password_takes_none_of_the_attempts() {
        let stage = stage().await;
        for _ in 0..=TRIES {
            assert!(sign_in(&stage, "right@b.example", RIGHT).await.is_ok());
        }
    }

    #[tokio::test]
    async fn t_03_a_user_of_another_realm_is_nobody() {
        let (stage, other) = (stage().await, RealmId::from_bits(9));
        let user = find(&stage.auth, &stage.realm, "right@b.example")
            .await
            .unwrap()
            .unwrap();
        for who in ["right@b.example", &user.user.id] {
            assert!(find(&stage.auth, &other, who).await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn a_name_that_is_too_long_is_not_looked_up() {
        let stage = stage().await;
        for who in [String::new(), "é".repeat(IDENTITY_MAX)] {
            assert_eq!(sign_in(&stage, &who, RIGHT).await, Err(Reason::LoginFailed));
        }
    }
}
