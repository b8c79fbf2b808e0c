//! Whether an OAuth2 app may do what it asks for; asked by Session.

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{CheckClientRequest, CheckClientResponse};
use gantry_rpc::Call;

use crate::error::Error;
use crate::rules::{app, redirect};
use crate::service::Auth;

/// Looks an OAuth2 app up; one that is not active, not there or of another type is not found.
pub(crate) async fn check_client(
    auth: &Auth,
    call: &Call,
    request: CheckClientRequest,
) -> Result<CheckClientResponse, Error> {
    let realm = call.realm(Some(&request.realm_id))?.into_string();
    let found = auth.store.find_client_app(realm, request.client_app_id).await?;
    let app = found.filter(|app| app.client_type == "oauth2" && app.state == "active");
    let app = app.ok_or(Reason::NotFound)?;
    let registered = app.redirect_uris.to_strings();
    let native = app.app_type.as_deref() == Some("native");
    let asked = request.redirect_uri.unwrap_or_default();
    Ok(CheckClientResponse {
        confidential: app.secret_hash.is_some(),
        secret_right: app::is_secret(&app, request.secret.as_deref().unwrap_or_default()),
        redirect_right: redirect::is_registered(&registered, &asked, native),
        allowed_scopes: app.allowed_scopes.to_strings(),
    })
}
