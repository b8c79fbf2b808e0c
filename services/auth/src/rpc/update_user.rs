//! `PUT /v2/users/:id` (contract 3.2).

use gantry_proto::auth::v2::{UpdateUserRequest, User};
use gantry_rpc::Call;

use super::change_user::{Changing, apply};
use super::get_user::shown;
use super::user_of;
use crate::convert;
use crate::error::Error;
use crate::rules::password::PasswordRules;
use crate::rules::{new_password, user_change};
use crate::service::Auth;

/// Changes what was sent. Events: `user.updated`, and where it applies `user.password.updated`, `user.email.updating`,
/// `user.email.verifying`, `session.deleted`.
pub(crate) async fn update_user(auth: &Auth, call: &Call, request: UpdateUserRequest) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let user = user_of(auth, &realm, &request.id).await?;
    let provider = new_password::provider(auth, &realm).await?;
    let input = convert::input::user_change(request.user.unwrap_or_default());
    let now = auth.clock.now_ms();
    let change = user_change::update(input, &user, &PasswordRules::of(&provider).knowing(user.names()), now)?;
    let changing = Changing {
        realm: &realm,
        cause: &cause,
        user,
        provider,
        event: "user.updated",
    };
    let user = apply(auth, changing, change).await?;
    shown(auth, &realm, user, false).await
}
