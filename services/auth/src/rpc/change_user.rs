//! Applies a change of a user that was checked: the part that `UpdateUser` and `UpdateUserProfile` share, and all that set a password.

use gantry_db::StoreError;
use gantry_kernel::{Problem, RealmId, Reason};
use gantry_outbox::NewEvent;

use super::create_user::duplicate;
use crate::carry_out::at_once;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::keep::Keep;
use crate::rules::new_password;
use crate::rules::task::{Task, Work};
use crate::rules::token::{Purpose, fresh};
use crate::rules::user_change::Change;
use crate::service::Auth;
use crate::store::{CredentialRow, ProviderRow, TaskRow, UserChange, UserPatch, UserRow};

/// Who changes, and on whose behalf.
pub(super) struct Changing<'a> {
    pub(super) realm: &'a RealmId,
    pub(super) cause: &'a Cause,
    /// The user as they are.
    pub(super) user: UserRow,
    pub(super) provider: ProviderRow,
    /// The event that tells of the change.
    pub(super) event: &'static str,
}

/// Applies a change with all that follows from it, and tells how the user is then; nothing sent changes nothing.
pub(super) async fn apply(auth: &Auth, changing: Changing<'_>, change: Change) -> Result<UserRow, Error> {
    let Changing {
        realm,
        cause,
        user,
        provider,
        event,
    } = changing;
    if change.is_empty {
        return Ok(user);
    }
    let now = change.patch.updated_at;
    let told = |event_type: &str| {
        let mut event = auth.event(realm, event_type, cause);
        event.user_id = Some(user.id.clone());
        event
    };
    let mut events = vec![told(event)];
    let mut tokens = Vec::new();
    if let Some(address) = change.pending() {
        is_free(auth, realm, &user, address).await?;
        let token = fresh(&*auth.rng, Purpose::UpdateEmail, &user, address, now);
        events.push(auth.with_token(told("user.email.updating"), token.text.expose())?);
        tokens.push(token.row);
    }
    if change.asks_to_verify() {
        let address = change.patch.email.as_ref().unwrap_or(&user.email);
        let token = fresh(&*auth.rng, Purpose::VerifyEmail, &user, address, now);
        events.push(auth.with_token(told("user.email.verifying"), token.text.expose())?);
        tokens.push(token.row);
    }
    let (mut credential, mut task) = (None, None);
    if let Some(new) = change.password {
        credential = Some(new_password::credential(auth, provider, &user.id, new, now).await?);
        events.push(told("user.password.updated"));
        task = ending(auth, cause, change.keep.work(realm.as_str(), &user.id, now), now)?;
    }
    let all = UserChange {
        realm_id: realm.as_str().to_owned(),
        id: user.id.clone(),
        patch: change.patch,
        credential,
        tokens,
        task,
    };
    commit(auth, all, events).await
}

/// Gives a user a password, and ends the sessions that are not to outlive the one before. Event: `user.password.updated`.
pub(super) async fn set_password(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    credential: CredentialRow,
    keep: Keep,
) -> Result<UserRow, Error> {
    let (user, now) = (credential.user_id.clone(), credential.updated_at);
    let mut event = auth.event(realm, "user.password.updated", cause);
    event.user_id = Some(user.clone());
    let change = UserChange {
        realm_id: realm.as_str().to_owned(),
        patch: UserPatch {
            updated_at: now,
            ..UserPatch::default()
        },
        credential: Some(credential),
        tokens: Vec::new(),
        task: ending(auth, cause, keep.work(realm.as_str(), &user, now), now)?,
        id: user,
    };
    commit(auth, change, vec![event]).await
}

/// The task of ending sessions, where there is one.
fn ending(auth: &Auth, cause: &Cause, work: Option<Work>, now: i64) -> Result<Option<TaskRow>, StoreError> {
    let task = |work| {
        let cause = cause.clone();
        Task { work, cause }.row(&auth.ids, now)
    };
    work.map(task).transpose()
}

/// Keeps a change, and carries out what follows from it.
async fn commit(auth: &Auth, change: UserChange, events: Vec<NewEvent>) -> Result<UserRow, Error> {
    let task = change.task.clone();
    let changed = auth.store.set_user(change, auth.store.holder(), events).await;
    let user = changed.map_err(duplicate)?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    if let Some(task) = task {
        at_once(auth, task).await;
    }
    Ok(user)
}

/// Refuses an address that somebody else has.
async fn is_free(auth: &Auth, realm: &RealmId, user: &UserRow, address: &str) -> Result<(), Error> {
    let holder: Result<_, StoreError> = auth
        .store
        .find_user(realm.as_str().to_owned(), String::new(), address.to_owned())
        .await;
    match holder? {
        Some(holder) if holder.id != user.id => Err(Problem::field("email_pending", "taken").into()),
        _ => Ok(()),
    }
}
