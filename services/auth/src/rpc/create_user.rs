//! `POST /v2/users` (contract 3.2).

use gantry_db::StoreError;
use gantry_kernel::{CredentialId, Problem, Reason, UserId};
use gantry_proto::auth::v2::{CreateUserRequest, User};
use gantry_rpc::Call;

use super::get_user::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::user;
use crate::service::Auth;
use crate::store::CredentialRow;

/// Adds a user, with a password credential where a password was sent.
pub(crate) async fn create_user(auth: &Auth, call: &Call, request: CreateUserRequest) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let provider = auth
        .store
        .find_provider(realm.as_str().to_owned(), "password".to_owned())
        .await?;
    let provider = provider.ok_or(Reason::NotFound)?;
    let now = auth.clock.now_ms();
    let id: UserId = auth.ids.id();
    let min_length = usize::try_from(provider.min_length.unwrap_or(8)).unwrap_or(8);
    let input = convert::input::user(request.user.unwrap_or_default());
    let new = user::new(input, &id, &realm, min_length, now)?;
    let credential = match new.password {
        None => None,
        Some(password) => Some(CredentialRow {
            id: auth.ids.id::<CredentialId>().into_string(),
            realm_id: realm.as_str().to_owned(),
            user_id: new.row.id.clone(),
            auth_provider_id: provider.id,
            credential_type: "password".to_owned(),
            secret: auth.passwords.hash(password).await?,
            created_at: now,
            updated_at: now,
        }),
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

fn duplicate(error: StoreError) -> Error {
    if error.is_duplicate("email") {
        return Problem::field("email", "taken").into();
    }
    if error.is_duplicate("username_key") {
        return Problem::field("username", "taken").into();
    }
    error.into()
}
