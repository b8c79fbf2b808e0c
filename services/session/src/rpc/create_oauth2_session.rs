//! `CreateOauth2Session`: a back end lets an OAuth2 app in for a user, with a code (contract 3.6).

use gantry_kernel::{Id, OauthSessionId, Problem, RealmId, UserId};
use gantry_proto::session::v2::{CreateOauth2SessionRequest, Oauth2Session, Oauth2SessionInput};
use gantry_rpc::Call;
use tonic::Request;

use crate::auth::Asked;
use crate::convert;
use crate::error::Result;
use crate::realm::needed;
use crate::rules::oauth;
use crate::state::State;
use crate::store::OauthRow;

/// Issues a code that is good once, for a minute, for this app and this address; the user is named, or found by a session, with
/// which the OAuth2 session then ends.
///
/// Fails with violations of `client_app_id`, `user_id`, `session`, `redirect_uri`, `scopes`, `code_challenge`,
/// `code_challenge_method`, `nonce` and `ip`.
pub(super) async fn create_oauth2_session(
    state: &State,
    request: Request<CreateOauth2SessionRequest>,
) -> Result<Oauth2Session> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let origin = gantry_rpc::origin(&call, asked.request.as_ref())?;
    let input = asked.session.unwrap_or_default();
    let app_id = needed("client_app_id", input.client_app_id.clone())?;
    let redirect = needed("redirect_uri", input.redirect_uri.clone())?;
    let app = state.client_app(&call, &realm, &app_id, None, Some(&redirect)).await?;
    let app = app.ok_or_else(|| Problem::field("client_app_id", "not_found"))?;
    if !app.redirect_right {
        return Err(Problem::field("redirect_uri", "redirect_uri_unregistered").into());
    }
    let scopes = oauth::scopes(&input.scopes, &app.allowed_scopes)?;
    let challenge = oauth::challenge(
        input.code_challenge.clone(),
        input.code_challenge_method.clone(),
        app.confidential,
    )?;
    let nonce = oauth::nonce(input.nonce.clone())?;
    let (user_id, session_id) = who(state, &call, &realm, &input).await?;

    let now = state.now();
    let id: OauthSessionId = state.ids.id();
    let code = oauth::code(&*state.rng);
    let ends = now.saturating_add(oauth::CODE_MS);
    let row = OauthRow {
        id: id.into_string(),
        realm_id: realm.into_string(),
        user_id,
        client_app_id: app_id,
        session_id,
        code_hash: code.digest,
        code_expires_at: ends,
        redirect_uri: redirect,
        code_challenge: challenge,
        nonce,
        scopes: scopes.join(" "),
        access_hash: None,
        ip: origin.ip,
        client: origin.client,
        created_at: now,
        expires_at: ends,
    };
    state.store.add_oauth(row.clone()).await?;
    Ok(Oauth2Session {
        code: Some(code.text.expose().to_owned()),
        ..convert::oauth(row, now)
    })
}

/// The user, who must be active, and the session that they are signed in by, where one is named.
async fn who(
    state: &State,
    call: &Call,
    realm: &RealmId,
    input: &Oauth2SessionInput,
) -> Result<(String, Option<String>)> {
    let named = input.session.as_deref().filter(|text| !text.is_empty());
    let (field, user_id, session_id) = match named {
        Some(session) => {
            let record = state.session_keys.name(session);
            let record = record.ok_or_else(|| Problem::field("session", "not_found"))?;
            let (realm_id, id) = (realm.as_str().to_owned(), record.into_string());
            let seen = state.store.find_session(realm_id, id, state.now()).await?;
            let seen = seen.ok_or_else(|| Problem::field("session", "not_found"))?;
            ("session", seen.session.user_id, Some(seen.session.id))
        }
        None => ("user_id", needed("user_id", input.user_id.clone())?, None),
    };
    let missing = || Problem::field(field, "not_found");
    UserId::parse(&user_id).map_err(|_not_an_id| missing())?;
    let user = Asked {
        user_id: &user_id,
        ..Asked::default()
    };
    let (profile, _) = state.describe(call, realm, user).await?.ok_or_else(missing)?;
    if !profile.active {
        return Err(Problem::field(field, "user_inactive").into());
    }
    Ok((user_id, session_id))
}
