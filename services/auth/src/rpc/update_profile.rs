//! `PUT /v2/profile` (contract 2.4).

use gantry_kernel::{Problem, RealmId, Secret};
use gantry_proto::auth::v2::UpdateProfileRequest;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{GetLoginSessionRequest, LoginResult};
use gantry_rpc::{Call, forwarded};

use super::change_user::{Changing, apply};
use super::{given, settings_of};
use crate::convert;
use crate::error::Error;
use crate::held::Held;
use crate::rules::check::{Checks, SHORT};
use crate::rules::keep::Keep;
use crate::rules::password::PasswordRules;
use crate::rules::user_change::Change;
use crate::rules::{demands, first_org, login, new_password, user, user_change};
use crate::service::Auth;
use crate::store::{LoginRow, UserRow};

/// Changes what users may change of themselves, and answers with the login as it is then: the same session, a new token. Events:
/// `user.profile.updated`, and where it applies `user.email.updating`, `user.email.verifying`, `user.password.updated`,
/// `session.deleted`, `org.created`, `membership.created`.
pub(crate) async fn update_profile(
    auth: &Auth,
    call: &Call,
    mut request: UpdateProfileRequest,
) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let (held, found) = Held::of(auth, call, &realm).await?;
    let settings = settings_of(auth, &realm).await?;
    let provider = new_password::provider(auth, &realm).await?;
    let account = given(request.account.take());
    let (current, org_name) = (request.current_password.take(), request.org_name.take());
    let again = request.email.clone();
    let input = convert::input::own_profile(request);
    let confirmed_first = settings.email_verification != "none";
    let (twice, rules) = (
        input.password_confirmation.clone(),
        PasswordRules::of(&provider).knowing(found.user.names()),
    );
    let mut change = user_change::profile(input, &found.user, confirmed_first, &rules, auth.clock.now_ms())?;
    change.keep = Keep::One(held.session_id.clone());
    if confirmed_first && again.is_some_and(|email| user::is_unverified_at(&found.user, &email)) {
        change.patch.email_verification = Some("requested".to_owned());
    }
    let mut checks = Checks::default();
    // What was missing before may still be: only what is there must stay.
    if !demands::is_incomplete(&settings, &found.user) {
        demands::check(&mut checks, &settings, &change.applied_to(&found.user));
    }
    if change.password.is_some() {
        demands::check_twice(&mut checks, &settings, twice.as_ref());
    }
    let org_name = checks.text("org_name", org_name, SHORT);
    if org_name.is_some() && !is_without_org(auth, &realm, &found.user).await? {
        checks.fail("org_name", "cannot_change");
    }
    checks.done()?;
    knows_password(auth, &realm, &found, &change, current.map(Secret::new)).await?;
    if let Some(address) = change.mailed(&found.user) {
        auth.throttle.mail(&realm, address).await?;
    }
    let changing = Changing {
        realm: &realm,
        cause: &cause,
        user: found.user,
        provider,
        event: "user.profile.updated",
    };
    let changed = apply(auth, changing, change).await?;
    if let Some(called) = org_name {
        // That is how a realm's demand of its name is met.
        first_org::add(auth, first_org::of(auth, &cause, &realm, &changed, Some(&called))).await?;
    }
    let asked = GetLoginSessionRequest { session: None, account };
    let login = SessionClient::new(auth.session.clone())
        .get_login_session(forwarded(asked, call))
        .await?;
    Ok(login.into_inner())
}

/// Whoever finds a screen unlocked takes no account over by it: a new password needs the one that it replaces.
async fn knows_password(
    auth: &Auth,
    realm: &RealmId,
    found: &LoginRow,
    change: &Change,
    current: Option<Secret>,
) -> Result<(), Error> {
    let (true, Some(hash)) = (change.password.is_some(), found.hash.clone()) else {
        return Ok(());
    };
    let current = current.unwrap_or_default();
    if current.is_empty() {
        return Err(Problem::field("current_password", "required").into());
    }
    match login::is_password(auth, realm, &found.user, Some(hash), &current).await? {
        true => Ok(()),
        false => Err(Problem::field("current_password", "current_password").into()),
    }
}

async fn is_without_org(auth: &Auth, realm: &RealmId, user: &UserRow) -> Result<bool, Error> {
    let (realm, user, now) = (realm.as_str().to_owned(), user.id.clone(), auth.clock.now_ms());
    Ok(auth.store.list_accounts(realm, user, now, 1).await?.is_empty())
}
