//! `POST /v2/profile/password` (contract 2.4).

use gantry_proto::auth::v2::ChangePasswordRequest;
use gantry_proto::session::v2::LoginResult;
use gantry_rpc::Call;

use super::new_password_by_old::{Sent, set};
use super::settings_of;
use super::sign_in::okay;
use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::rules::keep::Keep;
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
    let settings = settings_of(auth, &realm).await?;
    let sent = Sent {
        current_password: request.current_password,
        password: request.password,
        password_confirmation: request.password_confirmation,
        keep_sessions: (None, Keep::One(held.session_id.clone())),
        twice: Some(&settings),
    };
    set(auth, &cause, &realm, found, sent).await?;
    Ok(okay())
}
