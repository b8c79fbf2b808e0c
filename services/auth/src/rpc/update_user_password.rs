//! `PUT /v2/users/:id/update_password` (contract 3.2).

use gantry_kernel::{Problem, Reason, Secret};
use gantry_proto::auth::v2::{UpdateUserPasswordRequest, User};
use gantry_rpc::Call;

use super::change_user::set_password;
use super::get_user::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::check::Checks;
use crate::rules::keep::Keep;
use crate::rules::password::PasswordRules;
use crate::rules::{login, new_password};
use crate::service::Auth;

/// Changes a password for whoever knows the one that it replaces; sessions stay unless `keep_sessions` says otherwise. Events:
/// `user.password.updated`, and `session.deleted` for each session that ends.
pub(crate) async fn update_user_password(
    auth: &Auth,
    call: &Call,
    request: UpdateUserPasswordRequest,
) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let found = login::find(auth, &realm, &request.id).await?.ok_or(Reason::NotFound)?;
    let input = request.user.unwrap_or_default();
    let provider = new_password::provider(auth, &realm).await?;
    let mut checks = Checks::default();
    let current = Secret::new(input.current_password.unwrap_or_default());
    if current.is_empty() {
        checks.fail("current_password", "required");
    }
    let (sent, twice) = (
        input.password.map(Secret::new),
        input.password_confirmation.map(Secret::new),
    );
    let rules = PasswordRules::of(&provider).knowing(found.user.names());
    let new = new_password::required(&mut checks, sent, twice.as_ref(), &rules);
    let keep = Keep::read(&mut checks, input.keep_sessions.as_deref(), Keep::All);
    checks.done()?;
    let user = found.user;
    if !login::is_password(auth, &realm, &user, found.hash, &current).await? {
        return Err(Problem::field("current_password", "current_password").into());
    }
    let now = auth.clock.now_ms();
    let credential = new_password::credential(auth, provider, &user.id, new, now).await?;
    let user = set_password(auth, &cause, &realm, credential, keep).await?;
    shown(auth, &realm, user, false).await
}
