//! `GetLoginSession`: LoginRocket asks whether the session that it holds is still good (contract 2.4).

use std::sync::Arc;

use gantry_kernel::Reason;
use gantry_proto::session::v2::{Account, Accounts, Conditions, GetLoginSessionRequest, LoginResult};
use gantry_rpc::Call;
use tonic::Request;

use crate::auth::Asked;
use crate::error::Result;
use crate::rules::{Audience, Profile};
use crate::state::State;
use crate::store::Seen;
use crate::tokens::record_of;

/// Answers with a full or a conditional login for the session that the guard has checked.
///
/// Fails with `session_invalid` when the user may not log in any more, and with a violation of `account` when it is not theirs.
pub(super) async fn get_login_session(state: &State, request: Request<GetLoginSessionRequest>) -> Result<LoginResult> {
    let call = Call::of(&request)?;
    let realm = call.realm(None)?;
    // The guard's word counts, not the message's.
    let seen = call
        .session
        .clone()
        .and_then(|checked| Arc::downcast::<Seen>(checked).ok());
    let seen = seen.ok_or(Reason::SessionInvalid)?;
    let asked = Asked {
        user_id: &seen.session.user_id,
        select_account: true,
        account: request.into_inner().account.filter(|account| !account.is_empty()),
        ..Asked::default()
    };
    let (profile, _) = state
        .describe_active(&call, &realm, asked, Reason::SessionInvalid)
        .await?;
    let session = state.session_keys.full(&record_of(&seen.session)?);
    if !profile.conditions.is_empty() {
        return Ok(conditional(session, profile));
    }
    let token = state.token(&seen, &profile, Audience::LoginRocket).await?;
    Ok(LoginResult {
        result: "full_login".to_owned(),
        session: Some(session),
        account: profile.account,
        token: Some(token),
        ..LoginResult::default()
    })
}

fn conditional(session: String, profile: Profile) -> LoginResult {
    // Auth names orgs that are not selected where one is to be, and only there.
    let open = profile.orgs.into_iter().filter(|org| !org.selected);
    let items: Vec<Account> = open
        .map(|org| Account {
            id: org.org_id,
            name: org.name,
        })
        .collect();
    LoginResult {
        accounts: (!items.is_empty()).then_some(Accounts { items }),
        result: "conditional_login".to_owned(),
        session: Some(session),
        account: profile.account,
        conditions: Some(Conditions {
            items: profile.conditions,
        }),
        ..LoginResult::default()
    }
}
