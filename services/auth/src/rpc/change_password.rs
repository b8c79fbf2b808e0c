//! `POST /v2/profile/password` (contract 2.4).

use gantry_kernel::{Problem, Reason, Secret};
use gantry_proto::auth::v2::ChangePasswordRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::change_user::set_password;
use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::rules::check::Checks;
use crate::rules::keep::Keep;
use crate::rules::password::PasswordRules;
use crate::rules::{demands, login, new_password};
use crate::service::Auth;

/// Changes the password of whoever is signed in and knows the one that it replaces; all their other sessions end. Events:
/// `user.password.updated`, and `session.deleted` for each session that ends.
pub(crate) async fn change_password(
    auth: &Auth,
    call: &Call,
    request: ChangePasswordRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let (held, found) = Held::of(auth, call, &realm).await?;
    let settings = auth.store.find_realm(realm.as_str().to_owned()).await?;
    let provider = new_password::provider(auth, &realm).await?;
    let mut checks = Checks::default();
    let current = Secret::new(request.current_password.unwrap_or_default());
    if current.is_empty() {
        checks.fail("current_password", "required");
    }
    let (sent, twice) = (
        request.password.map(Secret::new),
        request.password_confirmation.map(Secret::new),
    );
    let rules = PasswordRules::of(&provider).knowing(found.user.names());
    let new = new_password::required(&mut checks, sent, twice.as_ref(), &rules);
    demands::check_twice(&mut checks, &settings.ok_or(Reason::NotFound)?, twice.as_ref());
    checks.done()?;
    if !login::is_password(auth, &realm, &found.user, found.hash, &current).await? {
        return Err(Problem::field("current_password", "current_password").into());
    }
    let now = auth.clock.now_ms();
    let credential = new_password::credential(auth, provider, &found.user.id, new, now).await?;
    let keep = Keep::One(held.session_id.clone());
    set_password(auth, &cause, &realm, credential, keep).await?;
    Ok(okay())
}
