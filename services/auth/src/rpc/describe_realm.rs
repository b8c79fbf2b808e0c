//! What the other services need to know of a realm.

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{DescribeRealmRequest, DescribeRealmResponse};
use gantry_rpc::Call;

use crate::error::Error;
use crate::service::Auth;

/// Describes a realm; one that is deleted is not found.
pub(crate) async fn describe_realm(
    auth: &Auth,
    call: &Call,
    request: DescribeRealmRequest,
) -> Result<DescribeRealmResponse, Error> {
    let id = call.realm(Some(&request.realm_id))?.into_string();
    let row = auth.store.find_realm(id.clone()).await?.ok_or(Reason::NotFound)?;
    let host = auth.store.find_first_host(id).await?;
    Ok(DescribeRealmResponse {
        active: row.state == "active",
        jwt_algo: row.jwt_algo,
        access_token_minutes: row.access_token_minutes,
        host: host.unwrap_or_default(),
    })
}
