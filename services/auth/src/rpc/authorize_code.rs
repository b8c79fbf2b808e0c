//! `POST /v2/auth_providers/authorize` (contract 3.8).

use gantry_proto::auth::v2::{Authenticated, AuthorizeCodeRequest};
use gantry_rpc::{Call, expands};

use super::sign_in;
use crate::convert;
use crate::error::Error;
use crate::rules::external::{bounded, finish};
use crate::service::Auth;

/// Signs somebody in by the code that a browser brought back from an external provider.
pub(crate) async fn authorize_code(
    auth: &Auth,
    call: &Call,
    request: AuthorizeCodeRequest,
) -> Result<Authenticated, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let expand = expands(&request.expand, &["memberships"])?;
    let state = bounded("state", request.state)?;
    let code = bounded("code", request.code)?;
    let nonce = request.nonce.filter(|nonce| !nonce.is_empty());
    let known = finish(auth, &cause, &realm, &code, &state, nonce.as_deref()).await?;
    let with_memberships = expand.has("memberships");
    sign_in::core(auth, call, &cause, &realm, known, with_memberships).await
}
