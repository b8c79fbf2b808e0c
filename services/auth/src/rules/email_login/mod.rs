//! Signing in by mail: by a link, by a code, or by either, as the realm says (ADR 13).
//!
//! The browser that asks gets a handle, which a code needs beside it: whoever guesses a code, or has one told by its owner, has
//! nothing without the browser that it was asked for in. A link needs none, for it may be opened where the mail is read.

mod code;
mod finish;
mod handle;
mod mailed;

use gantry_kernel::{Problem, RealmId, Secret};

use crate::error::Error;
use crate::on_request::ask;
use crate::rules::cause::Cause;
use crate::rules::task::Work;
use crate::service::Auth;
use crate::store::RealmRow;

pub(crate) use finish::finish;
pub(crate) use mailed::{send, token_hash};

/// The words of the realm's setting.
pub(crate) const WORDS: &[&str] = &["off", "link", "code", "both"];
/// How long a mail signs in.
const LIFETIME_MS: i64 = 15 * 60 * 1000;

/// What a realm's mails sign in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ways {
    link: bool,
    code: bool,
}

impl Ways {
    /// Reads a realm's setting.
    ///
    /// # Errors
    /// When none of its mails signs in.
    fn of(settings: &RealmRow) -> Result<Self, Problem> {
        match settings.email_login.as_str() {
            "link" => Ok(Self {
                link: true,
                code: false,
            }),
            "code" => Ok(Self {
                link: false,
                code: true,
            }),
            "both" => Ok(Self { link: true, code: true }),
            _ => Err(Problem::field("", "provider_inactive")),
        }
    }
}

/// Has a mail sent to whoever goes by a name, if anybody, and gives the handle that a code needs; none where there are no codes. Nobody
/// is looked up before that (T-07, T-08).
pub(crate) async fn begin(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    settings: &RealmRow,
    who: String,
) -> Result<Option<Secret>, Error> {
    let ways = Ways::of(settings)?;
    auth.throttle.mail(realm, &who).await?;
    let (handle, sealed) = match ways.code {
        true => {
            let (handle, sealed) = handle::fresh(auth, realm, &who)?;
            (Some(handle), Some(sealed))
        }
        false => (None, None),
    };
    let work = Work::SignInByMail {
        realm_id: realm.as_str().to_owned(),
        who,
        handle: sealed,
    };
    ask(auth, cause, work).await?;
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use gantry_kernel::Id;

    use super::*;
    use crate::rules::realm;

    #[test]
    fn each_word_of_the_setting_is_understood() {
        let mut settings = realm::fresh(&RealmId::from_bits(1), 1);
        let mut read = |word: &str| {
            word.clone_into(&mut settings.email_login);
            Ways::of(&settings).ok().map(|ways| (ways.link, ways.code))
        };
        let all = WORDS.iter().map(|word| read(word)).collect::<Vec<_>>();
        assert_eq!(
            all,
            [None, Some((true, false)), Some((false, true)), Some((true, true))]
        );
    }
}
