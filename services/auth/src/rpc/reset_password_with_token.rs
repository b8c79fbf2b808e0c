//! `POST /v2/users/reset_password_with_token` (contract 3.2).

use gantry_kernel::Secret;
use gantry_proto::auth::v2::{Authenticated, ResetPasswordWithTokenRequest};
use gantry_rpc::Call;

use super::sign_in;
use crate::carry_out::at_once;
use crate::convert;
use crate::error::Error;
use crate::rules::check::Checks;
use crate::rules::login::Known;
use crate::rules::password::PasswordRules;
use crate::rules::task::{Task, Work};
use crate::rules::token::{Purpose, find};
use crate::rules::{factor, new_password};
use crate::service::Auth;

/// Sets a new password for whoever holds a token, ends all sessions that there are, and opens a new one, or asks for the second factor: a
/// mailbox is no more than one. A password that breaks a rule uses no token up. Events: `user.password.updated`, `session.deleted` for each session, `user.login.succeeded`.
pub(crate) async fn reset_password_with_token(
    auth: &Auth,
    call: &Call,
    request: ResetPasswordWithTokenRequest,
) -> Result<Authenticated, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let input = request.user.unwrap_or_default();
    let text = Secret::new(input.token.unwrap_or_default());
    let (token, user) = find(auth, &realm, Purpose::ResetPassword, text.expose().trim()).await?;
    let provider = new_password::provider(auth, &realm).await?;
    let mut checks = Checks::default();
    let (sent, twice) = (
        input.password.map(Secret::new),
        input.password_confirmation.map(Secret::new),
    );
    let new = new_password::required(&mut checks, sent, twice.as_ref(), &PasswordRules::of(&provider));
    checks.done()?;
    let now = auth.clock.now_ms();
    let credential = new_password::credential(auth, provider, &user.id, new, now).await?;
    let task = Task {
        work: Work::end_sessions(&user.realm_id, &user.id, None, now),
        cause: cause.clone(),
    };
    let task = task.row(&auth.ids, now)?;
    let mut event = auth.event(&realm, "user.password.updated", &cause);
    event.user_id = Some(user.id);
    let reset = auth
        .store
        .reset_password(token, credential, task.clone(), auth.store.holder(), vec![event]);
    let user = reset.await?;
    auth.relay.wake();
    // Before the new session is opened, which must not end with the others.
    at_once(auth, task).await;
    let second_factor = factor::is_asked(auth, &realm, &user.id).await?;
    let known = Known { user, second_factor };
    sign_in::core(auth, call, &cause, &realm, known, false).await
}
