//! `GET /v2/auth_providers/:id/authorize` (contract 3.8).

use gantry_kernel::{Problem, Reason, Violation};
use gantry_proto::auth::v2::{AuthorizeUrl, GetAuthorizeUrlRequest};
use gantry_rpc::Call;

use super::get_auth_provider::find;
use crate::error::Error;
use crate::external::{Begin, auth_url};
use crate::rules::key::digest;
use crate::rules::{external, provider};
use crate::service::Auth;

/// The longest nonce, in bytes.
const NONCE: usize = 1024;

/// Tells where a browser is sent for a sign-in at one external provider.
pub(crate) async fn get_authorize_url(
    auth: &Auth,
    call: &Call,
    request: GetAuthorizeUrlRequest,
) -> Result<AuthorizeUrl, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let row = find(auth, &realm, &request.id).await?;
    if row.state != "active" || !provider::is_external(&row.provider_type) {
        return Err(Reason::NotFound.into());
    }
    let redirect_uri = external::redirect_uri(request.redirect_uri)?;
    let bound_to = bound_to(request.nonce)?;
    let begin = Begin {
        realm: &realm,
        provider: &row,
        redirect_uri: &redirect_uri,
        bound_to,
    };
    authorize_url(auth, &begin).await
}

/// Where a browser is sent.
pub(crate) async fn authorize_url(auth: &Auth, begin: &Begin<'_>) -> Result<AuthorizeUrl, Error> {
    Ok(AuthorizeUrl {
        object: "auth_provider".to_owned(),
        auth_url: auth_url(auth, begin).await?,
        id: begin.provider.id.clone(),
        provider_type: begin.provider.provider_type.clone(),
        name: begin.provider.name.clone(),
    })
}

/// What a sign-in is bound to: the digest of the caller's nonce, where it sent one.
pub(crate) fn bound_to(nonce: Option<String>) -> Result<Option<String>, Problem> {
    let nonce = nonce.filter(|nonce| !nonce.is_empty());
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > NONCE) {
        return Err(Problem::invalid(vec![
            Violation::new("nonce", "too_long").with("max", NONCE),
        ]));
    }
    Ok(nonce.as_deref().map(digest))
}
