//! `PUT /v2/users/:id/profile` (contract 3.2).

use gantry_proto::auth::v2::{UpdateUserProfileRequest, User};
use gantry_rpc::Call;

use super::change_user::{Changing, apply};
use super::get_user::shown;
use super::{settings_of, user_of};
use crate::convert;
use crate::error::Error;
use crate::rules::password::PasswordRules;
use crate::rules::{new_password, user_change};
use crate::service::Auth;

/// Changes what users may change of themselves. Events: `user.profile.updated`, and where it applies `user.password.updated`,
/// `user.email.updating`, `session.deleted`.
pub(crate) async fn update_user_profile(
    auth: &Auth,
    call: &Call,
    request: UpdateUserProfileRequest,
) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let user = user_of(auth, &realm, &request.id).await?;
    let confirmed_first = settings_of(auth, &realm).await?.email_verification != "none";
    let provider = new_password::provider(auth, &realm).await?;
    let input = convert::input::profile_change(request.user.unwrap_or_default());
    let (rules, now) = (PasswordRules::of(&provider).knowing(user.names()), auth.clock.now_ms());
    let change = user_change::profile(input, &user, confirmed_first, &rules, now)?;
    let changing = Changing {
        realm: &realm,
        cause: &cause,
        user,
        provider,
        event: "user.profile.updated",
    };
    let user = apply(auth, changing, change).await?;
    shown(auth, &realm, user, false).await
}
