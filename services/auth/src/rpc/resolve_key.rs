//! What an API key is worth; asked by the gateway and by the other services.

use gantry_kernel::Reason;
use gantry_proto::Access;
use gantry_proto::auth::v2::{ResolveKeyRequest, ResolvedKey};
use gantry_proto::options::v1::Caller;
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::key;
use crate::service::Auth;

/// The longest text that may be a key, in bytes.
const LONGEST: usize = 256;

/// Finds out what a key may do.
pub(crate) async fn resolve_key(auth: &Auth, _: &Call, request: ResolveKeyRequest) -> Result<ResolvedKey, Error> {
    let caller = find(auth, &request.key).await?;
    Ok(ResolvedKey {
        key_id: caller.key_id,
        permission: caller.permission,
        realm_id: caller.key_realm_id,
    })
}

/// The caller that a key makes.
pub(crate) async fn find(auth: &Auth, text: &str) -> Result<Caller, Error> {
    if text.len() > LONGEST {
        return Err(Reason::KeyWrong.into());
    }
    let row = auth.store.find_key(key::digest(text)).await?.ok_or(Reason::KeyWrong)?;
    Ok(Caller {
        access: Access::Key as i32,
        permission: convert::permission(&row.permission) as i32,
        key_id: row.id,
        key_realm_id: row.realm_id.unwrap_or_default(),
        ..Caller::default()
    })
}
