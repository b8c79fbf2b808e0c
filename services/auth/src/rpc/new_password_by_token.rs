//! A new password for whoever holds a token: what the Core API and LoginRocket share.

use gantry_kernel::{RealmId, Secret};
use gantry_rpc::Call;

use crate::carry_out::at_once;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::check::Checks;
use crate::rules::login::Known;
use crate::rules::password::PasswordRules;
use crate::rules::task::{Task, Work};
use crate::rules::token::{Purpose, find};
use crate::rules::{demands, factor, new_password};
use crate::service::Auth;
use crate::store::RealmRow;

/// What the holder sent.
pub(super) struct Sent<'a> {
    pub(super) token: Option<String>,
    pub(super) password: Option<String>,
    pub(super) password_confirmation: Option<String>,
    /// The realm, where it may want the password twice.
    pub(super) twice: Option<&'a RealmRow>,
}

/// Sets the password and ends all sessions that there are. The second factor is still to come: a mailbox is no more than one. A
/// password that breaks a rule uses no token up.
pub(super) async fn set(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    sent: Sent<'_>,
) -> Result<Known, Error> {
    let text = Secret::new(sent.token.unwrap_or_default());
    let (token, user) = find(auth, realm, Purpose::ResetPassword, text.expose().trim()).await?;
    call.read_by(user.locale.as_deref());
    let provider = new_password::provider(auth, realm).await?;
    let mut checks = Checks::default();
    let (password, twice) = (
        sent.password.map(Secret::new),
        sent.password_confirmation.map(Secret::new),
    );
    let rules = PasswordRules::of(&provider).knowing(user.names());
    let new = new_password::required(&mut checks, password, twice.as_ref(), &rules);
    if let Some(settings) = sent.twice {
        demands::check_twice(&mut checks, settings, twice.as_ref());
    }
    checks.done()?;
    let now = auth.clock.now_ms();
    let credential = new_password::credential(auth, provider, &user.id, new, now).await?;
    let task = Task {
        work: Work::end_sessions(&user.realm_id, &user.id, None, now),
        cause: cause.clone(),
    };
    let task = task.row(&auth.ids, now)?;
    let mut event = auth.event(realm, "user.password.updated", cause);
    event.user_id = Some(user.id);
    let reset = auth
        .store
        .reset_password(token, credential, task.clone(), auth.store.holder(), vec![event]);
    let user = reset.await?;
    auth.relay.wake();
    // Before the new session is opened, which must not end with the others.
    at_once(auth, task).await;
    let second_factor = factor::is_asked(auth, realm, &user.id).await?;
    Ok(Known { user, second_factor })
}
