//! `GetOauth2Session`: what an access token is worth (contract 3.6).

use gantry_kernel::Reason;
use gantry_proto::session::v2::{GetOauth2SessionRequest, Oauth2Session};
use gantry_rpc::Call;
use subtle::ConstantTimeEq;
use tonic::Request;

use crate::convert;
use crate::error::Result;
use crate::rules::{id_token, oauth};
use crate::state::State;

/// Shows an OAuth2 session, named by its access token or its record, with the profile that its scopes open. Never a token or a code.
///
/// Fails with `not_found` when it ended, or user, session or app may not use it any more.
pub(super) async fn get_oauth2_session(
    state: &State,
    request: Request<GetOauth2SessionRequest>,
) -> Result<Oauth2Session> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let record = oauth::record(&asked.id).ok_or(Reason::NotFound)?;
    let named = record.as_str() == asked.id;
    let now = state.now();
    let found = state
        .store
        .find_oauth(realm.as_str().to_owned(), record.into_string(), now)
        .await?;
    let row = found.ok_or(Reason::NotFound)?;
    // Until its code is taken there is nothing to be opened.
    let kept = row.access_hash.clone().ok_or(Reason::NotFound)?;
    let opened = named || bool::from(oauth::digest(&asked.id).as_bytes().ct_eq(kept.as_bytes()));
    if !opened {
        return Err(Reason::NotFound.into());
    }
    let app = state.client_app(&call, &realm, &row.client_app_id, None, None).await?;
    app.ok_or(Reason::NotFound)?;
    let (profile, _) = state.oauth_user(&call, &realm, &row).await?.ok_or(Reason::NotFound)?;
    let scopes: Vec<String> = row.scopes.split(' ').map(str::to_owned).collect();
    let claims = id_token::profile(&profile, &scopes);
    Ok(Oauth2Session {
        profile: Some(serde_json::Value::Object(claims).to_string()),
        ..convert::oauth(row, now)
    })
}
