//! One-time tokens: what proves, once and for a while, that somebody may do one thing (contract 3.2).
//!
//! To use one: make it with [`fresh`] and add its row in the transaction of its event; when it comes back, [`find`] it, and use it up
//! (`take_token`) in the transaction of what it permits.

use gantry_kernel::{Problem, RealmId, Rng, Secret, base62};

use super::key::digest;
use crate::error::Error;
use crate::service::Auth;
use crate::store::{TokenRow, UserRow};

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// What a token is for; none is good for anything else (T-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Sets a new password.
    ResetPassword,
    /// Shows that the user's address is theirs.
    VerifyEmail,
    /// Shows that the pending address is theirs, which then becomes the user's.
    UpdateEmail,
    /// Goes on with a login that needs a second factor.
    Mfa,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::ResetPassword, Self::VerifyEmail, Self::UpdateEmail, Self::Mfa];

    /// The word before the colon, which rows hold too.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ResetPassword => "tpw",
            Self::VerifyEmail => "tve",
            Self::UpdateEmail => "tue",
            Self::Mfa => "tmf",
        }
    }

    /// The purpose that a token's text claims.
    pub(crate) fn claimed(text: &str) -> Option<Self> {
        let (word, _) = text.split_once(':')?;
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }

    fn lifetime_ms(self) -> i64 {
        match self {
            Self::ResetPassword => DAY,
            Self::VerifyEmail | Self::UpdateEmail => 7 * DAY,
            Self::Mfa => 10 * MINUTE,
        }
    }
}

/// A token that was just made.
pub(crate) struct Fresh {
    /// The token itself, which is kept nowhere.
    pub(crate) text: Secret,
    /// What is kept of it.
    pub(crate) row: TokenRow,
}

/// Makes a token for a user and the address that it will be sent to, with 128 random bits.
pub(crate) fn fresh(rng: &dyn Rng, purpose: Purpose, user: &UserRow, email: &str, now: i64) -> Fresh {
    let text = format!("{}:{}", purpose.word(), base62::encode(rng.u128()));
    let row = TokenRow {
        token_hash: digest(&text),
        realm_id: user.realm_id.clone(),
        user_id: user.id.clone(),
        purpose: purpose.word().to_owned(),
        email: email.to_owned(),
        detail: None,
        created_at: now,
        expires_at: now.saturating_add(purpose.lifetime_ms()),
    };
    Fresh {
        text: Secret::new(text),
        row,
    }
}

/// Finds a token of a purpose that is still worth something, with its user; it is not used up.
///
/// # Errors
/// With one violation of `token` for whatever is wrong: unknown, used, expired, for something else, of another realm, of a user who
/// may not log in or who has another address by now.
pub(crate) async fn find(
    auth: &Auth,
    realm: &RealmId,
    purpose: Purpose,
    text: &str,
) -> Result<(TokenRow, UserRow), Error> {
    if Purpose::claimed(text) != Some(purpose) || text.len() != purpose.word().len() + 1 + base62::LEN {
        return Err(invalid().into());
    }
    let (realm, word) = (realm.as_str().to_owned(), purpose.word().to_owned());
    let found = auth
        .store
        .find_token(realm, word, digest(text), auth.clock.now_ms())
        .await?;
    let good = found.filter(|(token, user)| user.state == "active" && address(purpose, user) == Some(&token.email));
    Ok(good.ok_or_else(invalid)?)
}

/// The address that a user's token of a purpose must have been made for.
fn address(purpose: Purpose, user: &UserRow) -> Option<&String> {
    match purpose {
        Purpose::UpdateEmail => user.email_pending.as_ref(),
        Purpose::ResetPassword | Purpose::VerifyEmail | Purpose::Mfa => Some(&user.email),
    }
}

/// The one answer to every token that is not worth anything.
pub(crate) fn invalid() -> Problem {
    invalid_in("token")
}

/// The same, where the token is called otherwise.
pub(crate) fn invalid_in(field: &str) -> Problem {
    Problem::field(field, "token_invalid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::Id;

    use crate::stage::{NOW, Stage};

    async fn with_token(purpose: Purpose) -> (Stage, UserRow, String) {
        let stage = Stage::new().await;
        let user = stage.user("ana@b.example", None).await;
        let text = add(&stage, purpose, &user).await;
        (stage, user, text)
    }

    async fn add(stage: &Stage, purpose: Purpose, user: &UserRow) -> String {
        let made = fresh(&*stage.auth.rng, purpose, user, &user.email, stage.auth.clock.now_ms());
        stage
            .auth
            .store
            .add_token(made.row, "test".to_owned(), Vec::new())
            .await
            .unwrap();
        made.text.expose().to_owned()
    }

    async fn good(stage: &Stage, purpose: Purpose, text: &str) -> bool {
        match find(&stage.auth, &stage.realm, purpose, text).await {
            Ok(_) => true,
            Err(Error::Problem(problem)) => {
                assert_eq!(problem, invalid());
                false
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn t_17_a_token_is_good_for_its_purpose_alone() {
        for (made, lives) in [
            (Purpose::ResetPassword, true),
            (Purpose::VerifyEmail, true),
            (Purpose::UpdateEmail, false),
            (Purpose::Mfa, true),
        ] {
            let (stage, _, text) = with_token(made).await;
            let (_, body) = text.split_once(':').unwrap();
            for asked in Purpose::ALL {
                // No address is pending, so a token for one is worth nothing.
                assert_eq!(
                    good(&stage, asked, &text).await,
                    asked == made && lives,
                    "{made:?} {asked:?}"
                );
                let renamed = format!("{}:{body}", asked.word());
                assert_eq!(good(&stage, asked, &renamed).await, asked == made && lives);
            }
        }
    }

    #[tokio::test]
    async fn t_16_a_token_ends_with_its_time_and_its_use() {
        for (purpose, lifetime) in [(Purpose::ResetPassword, DAY), (Purpose::Mfa, 10 * MINUTE)] {
            let (stage, _, text) = with_token(purpose).await;
            stage.clock.jump_to_ms(NOW + lifetime - 1);
            assert!(good(&stage, purpose, &text).await);
            stage.clock.jump_to_ms(NOW + lifetime);
            assert!(!good(&stage, purpose, &text).await);
        }
        let (stage, _, text) = with_token(Purpose::VerifyEmail).await;
        let (row, _) = find(&stage.auth, &stage.realm, Purpose::VerifyEmail, &text)
            .await
            .unwrap();
        let verify = || {
            stage
                .auth
                .store
                .verify_email(row.clone(), NOW, "test".to_owned(), Vec::new())
        };
        let (one, two) = futures::join!(verify(), verify());
        assert!(one.is_ok() != two.is_ok(), "used at once, it is used once");
        assert!(!good(&stage, Purpose::VerifyEmail, &text).await);
    }

    #[tokio::test]
    async fn t_03_a_token_of_another_realm_is_unknown() {
        let (stage, _, text) = with_token(Purpose::ResetPassword).await;
        let other = RealmId::from_bits(9);
        assert!(find(&stage.auth, &other, Purpose::ResetPassword, &text).await.is_err());
        assert!(good(&stage, Purpose::ResetPassword, &text).await);
    }

    #[tokio::test]
    async fn asking_again_and_again_keeps_the_last_few() {
        let (stage, user, first) = with_token(Purpose::ResetPassword).await;
        let other = add(&stage, Purpose::VerifyEmail, &user).await;
        let mut made = vec![first];
        for _ in 0..8 {
            stage.clock.advance_ms(1);
            made.push(add(&stage, Purpose::ResetPassword, &user).await);
        }
        assert!(!good(&stage, Purpose::ResetPassword, &made[0]).await);
        for text in &made[1..] {
            assert!(good(&stage, Purpose::ResetPassword, text).await);
        }
        assert!(good(&stage, Purpose::VerifyEmail, &other).await);
    }

    #[tokio::test]
    async fn nonsense_is_refused_before_the_database_is_asked() {
        let stage = Stage::new().await;
        for text in [
            "",
            ":",
            "tpw:",
            "tpw",
            &"tpw:".repeat(100_000),
            "tpw:0000000000000000000000\0",
            "tpw:é",
        ] {
            assert!(!good(&stage, Purpose::ResetPassword, text).await);
        }
    }

    #[test]
    fn what_is_kept_of_a_token_does_not_tell_it() {
        let rng = gantry_kernel::SeededRng::new(1);
        let input = crate::rules::user::Input {
            email: Some("a@b.c".to_owned()),
            ..Default::default()
        };
        let realm = RealmId::from_bits(1);
        let user = crate::rules::user::new(
            input,
            &gantry_kernel::UserId::from_bits(1),
            &realm,
            &Default::default(),
            1,
        )
        .unwrap();
        let made = fresh(&rng, Purpose::ResetPassword, &user.row, "a@b.c", 1);
        let (word, body) = made.text.expose().split_once(':').unwrap();
        assert_eq!((word, body.len()), ("tpw", 22));
        assert!(!format!("{:?}", made.row).contains(body));
        assert_eq!(made.row.expires_at, 1 + DAY);
    }
}
