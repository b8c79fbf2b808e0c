//! `POST /v2/login` (contract 2.4).

use gantry_kernel::{Problem, Reason, Secret, Violation};
use gantry_proto::auth::v2::LoginRequest;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{Conditions, LoginResult, OpenSessionRequest};
use gantry_rpc::{Call, internal};

use crate::convert;
use crate::error::Error;
use crate::rules::describe::{Orgs, describe};
use crate::rules::login as rule;
use crate::service::Auth;

/// Signs a user in with a password, at the realm's own host.
pub(crate) async fn login(auth: &Auth, call: &Call, request: LoginRequest) -> Result<LoginResult, Error> {
    let realm = call.realm(None)?;
    let cause = convert::input::cause(call, None)?;
    let named = [request.email, request.username, request.id];
    let who = named
        .into_iter()
        .flatten()
        .find(|name| !name.trim().is_empty())
        .unwrap_or_default();
    let password = Secret::new(request.password.unwrap_or_default());
    let mut missing = Vec::new();
    if who.is_empty() {
        missing.push(Violation::new("email", "required"));
    }
    if password.is_empty() {
        missing.push(Violation::new("password", "required"));
    }
    if !missing.is_empty() {
        return Err(Problem::invalid(missing).into());
    }
    let user = rule::check_password(auth, &cause, &realm, &who, &password).await?;
    let orgs = Orgs::Account(request.account.as_deref());
    let profile = convert::profile(describe(auth, &cause, &realm, &user, orgs).await?);
    let (account, conditions) = (profile.account.clone(), profile.conditions.clone());
    let open = OpenSessionRequest {
        profile: Some(profile),
        request: Some(convert::request_info(&cause)),
    };
    let opened = SessionClient::new(auth.session.clone())
        .open_session(internal(open, call))
        .await?
        .into_inner();
    let session = opened.session.ok_or(Reason::Internal)?;
    rule::succeeded(auth, &cause, &realm, &user.id, &session.id).await?;
    let full = conditions.is_empty();
    Ok(LoginResult {
        result: if full { "full_login" } else { "conditional_login" }.to_owned(),
        session: Some(session.id),
        account,
        token: session.token.filter(|_| full),
        conditions: (!full).then_some(Conditions { items: conditions }),
    })
}
