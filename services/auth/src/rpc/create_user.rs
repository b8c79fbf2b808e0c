//! `POST /v2/users` (contract 3.2).

use gantry_db::StoreError;
use gantry_kernel::{Problem, UserId};
use gantry_proto::auth::v2::{CreateUserRequest, User};
use gantry_rpc::Call;

use super::get_user::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::password::PasswordRules;
use crate::rules::{new_password, user};
use crate::service::Auth;

/// Adds a user, with a password credential where a password was sent.
pub(crate) async fn create_user(auth: &Auth, call: &Call, request: CreateUserRequest) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let provider = new_password::provider(auth, &realm).await?;
    let now = auth.clock.now_ms();
    let id: UserId = auth.ids.id();
    let input = convert::input::user(request.user.unwrap_or_default());
    let new = user::new(input, &id, &realm, &PasswordRules::of(&provider), now)?;
    let credential = match new.password {
        None => None,
        Some(new_one) => Some(new_password::credential(auth, provider, &new.row.id, new_one, now).await?),
    };
    let mut event = auth.event(&realm, "user.created", &cause);
    event.user_id = Some(new.row.id.clone());
    let added = auth
        .store
        .add_user(new.row.clone(), credential, auth.store.holder(), vec![event])
        .await;
    added.map_err(duplicate)?;
    auth.relay.wake();
    shown(auth, &realm, new.row, false).await
}

/// Turns a name that somebody else has into a violation.
pub(super) fn duplicate(error: StoreError) -> Error {
    if error.is_duplicate("email") {
        return Problem::field("email", "taken").into();
    }
    if error.is_duplicate("username_key") {
        return Problem::field("username", "taken").into();
    }
    error.into()
}
