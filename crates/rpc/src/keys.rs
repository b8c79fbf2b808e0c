//! Asks Auth what an API key is worth; for the services that are not Auth.

use gantry_kernel::{Problem, Reason};
use gantry_proto::Access;
use gantry_proto::auth::v2::ResolveKeyRequest;
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::options::v1::Caller;

use crate::{Wire, from_status};

/// Reads an API key by asking Auth.
///
/// # Errors
/// [`Reason::KeyWrong`] when Auth does not know it, [`Reason::Unavailable`] when Auth is away.
pub async fn resolve_key(auth: &Wire, key: &str) -> Result<Caller, Problem> {
    // Longer than any key: not worth a call.
    if key.len() > 256 {
        return Err(Reason::KeyWrong.into());
    }
    let request = ResolveKeyRequest { key: key.to_owned() };
    let resolved = AuthClient::new(auth.clone())
        .resolve_key(request)
        .await
        .map_err(|status| from_status(&status))?;
    let resolved = resolved.into_inner();
    Ok(Caller {
        access: Access::Key as i32,
        key_id: resolved.key_id,
        permission: resolved.permission,
        key_realm_id: resolved.realm_id,
        ..Caller::default()
    })
}
