//! A new password for whoever knows the one that it replaces: what the Core API and LoginRocket share.

use gantry_kernel::{Problem, RealmId, Secret};

use super::change_user::set_password;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::check::Checks;
use crate::rules::keep::Keep;
use crate::rules::password::PasswordRules;
use crate::rules::{demands, login, new_password};
use crate::service::Auth;
use crate::store::{LoginRow, RealmRow, UserRow};

/// What they sent.
pub(super) struct Sent<'a> {
    pub(super) current_password: Option<String>,
    pub(super) password: Option<String>,
    pub(super) password_confirmation: Option<String>,
    /// Which sessions stay, and which do where nothing is said.
    pub(super) keep_sessions: (Option<String>, Keep),
    /// The realm, where it may want the password twice.
    pub(super) twice: Option<&'a RealmRow>,
}

/// Checks the one password and sets the other.
pub(super) async fn set(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    found: LoginRow,
    sent: Sent<'_>,
) -> Result<UserRow, Error> {
    let provider = new_password::provider(auth, realm).await?;
    let mut checks = Checks::default();
    let current = Secret::new(sent.current_password.unwrap_or_default());
    if current.is_empty() {
        checks.fail("current_password", "required");
    }
    let (password, twice) = (
        sent.password.map(Secret::new),
        sent.password_confirmation.map(Secret::new),
    );
    let rules = PasswordRules::of(&provider).knowing(found.user.names());
    let new = new_password::required(&mut checks, password, twice.as_ref(), &rules);
    if let Some(settings) = sent.twice {
        demands::check_twice(&mut checks, settings, twice.as_ref());
    }
    let (keep, default) = sent.keep_sessions;
    let keep = Keep::read(&mut checks, keep.as_deref(), default);
    checks.done()?;
    let user = found.user;
    if !login::is_password(auth, realm, &user, found.hash, &current).await? {
        return Err(Problem::field("current_password", "current_password").into());
    }
    let now = auth.clock.now_ms();
    let credential = new_password::credential(auth, provider, &user.id, new, now).await?;
    set_password(auth, cause, realm, credential, keep).await
}
