//! What follows once somebody has shown who they are, whichever way: the second factor is asked for, or a session is opened.

use gantry_kernel::{RealmId, Reason};
use gantry_proto::auth::v2::Authenticated;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{Conditions, LoginResult, MfaTypes, OpenSessionRequest, SessionRecord};
use gantry_rpc::{Call, internal};

use super::get_user::shown;
use crate::convert;
use crate::error::Error;
use crate::rules::cause::Cause;
use crate::rules::describe::{Orgs, describe};
use crate::rules::factor;
use crate::rules::login::{self, Known};
use crate::rules::profile::Profile;
use crate::service::Auth;
use crate::store::UserRow;

/// The word by which LoginRocket says that a second factor is still to come; the vendor's is unknown (contract 2.2).
const MFA_REQUIRED: &str = "mfa_required";

/// The first of some fields that names somebody (contract 2.1).
pub(super) fn named(fields: [Option<String>; 3]) -> Option<String> {
    fields.into_iter().flatten().find(|name| !name.trim().is_empty())
}

/// The answer to what is done and needs no more words (contract 2.2).
pub(super) fn okay() -> LoginResult {
    LoginResult {
        result: "okay".to_owned(),
        ..LoginResult::default()
    }
}

/// Goes on for the Core API: a session, or a token for the second factor.
pub(crate) async fn core(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    known: Known,
    with_memberships: bool,
) -> Result<Authenticated, Error> {
    if known.second_factor {
        let token = factor::ask(auth, cause, realm, &known.user, None).await?;
        return Ok(Authenticated {
            session: None,
            token: Some(convert::token(known.user.id, &token)),
        });
    }
    let session = core_session(auth, call, cause, realm, known.user, with_memberships).await?;
    Ok(Authenticated {
        session: Some(session),
        token: None,
    })
}

/// Opens a session for the Core API.
pub(crate) async fn core_session(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    mut user: UserRow,
    with_memberships: bool,
) -> Result<SessionRecord, Error> {
    let profile = describe(auth, cause, realm, &user, Orgs::All).await?;
    let mut session = open(auth, call, cause, realm, profile).await?;
    let at = login::succeeded(auth, cause, realm, &user.id, &session.id).await?;
    // The user is shown as this login left them.
    user.last_login_at = Some(at);
    session.user = Some(shown(auth, realm, user, with_memberships).await?);
    Ok(session)
}

/// Goes on for LoginRocket: a login, or a token for the second factor.
pub(crate) async fn loginrocket(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    known: Known,
    account: Option<&str>,
) -> Result<LoginResult, Error> {
    if known.second_factor {
        let token = factor::ask(auth, cause, realm, &known.user, account).await?;
        return Ok(LoginResult {
            result: MFA_REQUIRED.to_owned(),
            token: Some(token.expose().to_owned()),
            mfa_types: Some(MfaTypes {
                items: factor::KINDS.map(str::to_owned).to_vec(),
            }),
            ..LoginResult::default()
        });
    }
    loginrocket_session(auth, call, cause, realm, known.user, account).await
}

/// Opens a session for LoginRocket.
pub(crate) async fn loginrocket_session(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    user: UserRow,
    account: Option<&str>,
) -> Result<LoginResult, Error> {
    let profile = describe(auth, cause, realm, &user, Orgs::Account(account)).await?;
    let (account, conditions) = (profile.account.clone(), profile.conditions.clone());
    let accounts = convert::selectable(&profile);
    let session = open(auth, call, cause, realm, profile).await?;
    login::succeeded(auth, cause, realm, &user.id, &session.id).await?;
    let full = conditions.is_empty();
    let conditions = conditions.into_iter().map(str::to_owned).collect();
    Ok(LoginResult {
        result: if full { "full_login" } else { "conditional_login" }.to_owned(),
        session: Some(session.id),
        account,
        token: session.token.filter(|_| full),
        conditions: (!full).then_some(Conditions { items: conditions }),
        accounts,
        mfa_types: None,
    })
}

async fn open(
    auth: &Auth,
    call: &Call,
    cause: &Cause,
    realm: &RealmId,
    profile: Profile,
) -> Result<SessionRecord, Error> {
    let open = OpenSessionRequest {
        profile: Some(convert::profile(profile)),
        request: Some(convert::request_info(cause)),
    };
    let mut inner = call.clone();
    realm.as_str().clone_into(&mut inner.caller.realm_id);
    let opened = SessionClient::new(auth.session.clone())
        .open_session(internal(open, &inner))
        .await?
        .into_inner();
    Ok(opened.session.ok_or(Reason::Internal)?)
}
