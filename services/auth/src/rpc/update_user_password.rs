//! `PUT /v2/users/:id/update_password` (contract 3.2).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{UpdateUserPasswordRequest, User};
use gantry_rpc::Call;

use super::get_user::shown;
use super::new_password_by_old::{Sent, set};
use crate::convert;
use crate::error::Error;
use crate::rules::keep::Keep;
use crate::rules::login;
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
    let sent = Sent {
        current_password: input.current_password,
        password: input.password,
        password_confirmation: input.password_confirmation,
        keep_sessions: (input.keep_sessions, Keep::All),
        twice: None,
    };
    let user = set(auth, &cause, &realm, found, sent).await?;
    shown(auth, &realm, user, false).await
}
