//! `POST /v2/auth_providers/:id/authorize` (contract 3.8).

use gantry_kernel::{Reason, Secret};
use gantry_proto::auth::v2::{Authenticated, AuthorizeTokenRequest};
use gantry_rpc::{Call, expands};

use super::get_auth_provider::find;
use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::external::{bounded, finish_with_token};
use crate::rules::provider;
use crate::service::Auth;

/// Signs somebody in by an access token that an application got from an external provider by itself.
pub(crate) async fn authorize_token(
    auth: &Auth,
    call: &Call,
    request: AuthorizeTokenRequest,
) -> Result<Authenticated, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let expand = expands(&request.expand, &["memberships"])?;
    let row = find(auth, &realm, &request.id).await?;
    if row.state != "active" || !provider::is_external(&row.provider_type) {
        return Err(Reason::NotFound.into());
    }
    let access = Secret::new(bounded("access_token", request.access_token)?);
    let known = finish_with_token(auth, &cause, &realm, &row, access).await?;
    let with_memberships = expand.has("memberships");
    sign_in::core(auth, call, &cause, &realm, known, with_memberships).await
}
