//! `ExchangeOauth2Code`: an OAuth2 app gives a code for its tokens (contract 3.6).

use gantry_kernel::{Id, OauthSessionId, Problem, RealmId, Secret};
use gantry_proto::session::v2::{ExchangeOauth2CodeRequest, Oauth2CodeInput, Oauth2Session};
use gantry_rpc::Call;
use tonic::Request;

use crate::convert;
use crate::error::{Failure, Result};
use crate::realm::needed;
use crate::rules::id_token::{self, IdToken};
use crate::rules::{Algo, oauth};
use crate::state::State;
use crate::store::{OauthRow, OauthToken};

/// Takes a code, once, from the app that it was made for, and gives an access token and (with the scope `openid`) an id token. A
/// code that comes a second time was stolen from somebody: the tokens that it gave end.
///
/// Fails with violations of `client_app_id` and `code`; whatever is wrong with code, secret, address or proof is told alike.
pub(super) async fn exchange_oauth2_code(
    state: &State,
    request: Request<ExchangeOauth2CodeRequest>,
) -> Result<Oauth2Session> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let input = asked.session.unwrap_or_default();
    let app_id = needed("client_app_id", input.client_app_id.clone())?;
    let code = needed("code", input.code.clone())?;
    let found = state
        .store
        .find_oauth_code(realm.as_str().to_owned(), oauth::digest(&code))
        .await?;
    let row = found.filter(|row| row.client_app_id == app_id).ok_or_else(bad_code)?;
    let secret = input.client_app_secret.clone().map(Secret::new);
    let app = state.client_app(&call, &realm, &app_id, secret.as_ref(), None).await?;
    let app = app.ok_or_else(bad_code)?;
    if (app.confidential && !app.secret_right) || !proves(&row, &input, app.confidential) {
        return Err(bad_code());
    }
    // Only the app itself gets this far, so nobody else can end what is its own.
    if row.access_hash.is_some() {
        state.store.remove_oauth(row.id).await?;
        return Err(bad_code());
    }
    give(state, &call, &realm, row).await
}

/// Whether address and proof are those that the code was made for. An app without a secret has no other proof than its verifier.
fn proves(row: &OauthRow, input: &Oauth2CodeInput, confidential: bool) -> bool {
    let address = input.redirect_uri.as_deref().filter(|text| !text.is_empty());
    address.is_none_or(|address| address == row.redirect_uri)
        && oauth::is_proven(row.code_challenge.as_deref(), input.code_verifier.as_deref())
        && (confidential || row.code_challenge.is_some())
}

async fn give(state: &State, call: &Call, realm: &RealmId, row: OauthRow) -> Result<Oauth2Session> {
    let now = state.now();
    let settings = state.realm(call, realm).await?;
    let (profile, signed_in) = state.oauth_user(call, realm, &row).await?.ok_or_else(bad_code)?;
    let record =
        OauthSessionId::parse(&row.id).map_err(|_invalid| Failure::inconsistent("session_oauth", "id", &row.id))?;
    let access = oauth::access_token(&record, &*state.rng);
    // On a whole second, since tokens know no smaller.
    let ends = now
        .div_euclid(1000)
        .saturating_add(settings.access_token_minutes.saturating_mul(60));
    let token = OauthToken {
        access_hash: Some(access.digest),
        expires_at: ends.saturating_mul(1000),
    };
    let scopes: Vec<String> = row.scopes.split(' ').map(str::to_owned).collect();
    let claims = id_token::profile(&profile, &scopes);
    let id_token = match scopes.iter().any(|scope| scope == "openid") {
        false => None,
        true => {
            let key = state.provide_key(realm, Algo::Rs256).await?;
            let issuer = issuer(state, realm, &settings.host);
            let token = IdToken {
                issuer: &issuer,
                audience: &row.client_app_id,
                nonce: row.nonce.as_deref(),
                auth_time: signed_in.div_euclid(1000),
                now: now.div_euclid(1000),
                ends,
            };
            let ready = state.ready_key(realm, &key.id).await?;
            Some(token.sign(claims.clone(), &key.id, &ready)?)
        }
    };
    let taken = state.store.take_oauth_code(row.id, now, token).await?;
    let row = taken.ok_or_else(bad_code)?;
    Ok(Oauth2Session {
        access_token: Some(access.text.expose().to_owned()),
        id_token,
        profile: Some(serde_json::Value::Object(claims).to_string()),
        ..convert::oauth(row, now)
    })
}

/// Who says what an id token says: the realm's host. Never the issuer of login tokens, and of no realm but this one.
fn issuer(state: &State, realm: &RealmId, host: &str) -> String {
    match host {
        "" => format!("{}/{realm}", state.issuer),
        host => format!("https://{host}"),
    }
}

fn bad_code() -> Failure {
    Problem::field("code", "code_invalid").into()
}
