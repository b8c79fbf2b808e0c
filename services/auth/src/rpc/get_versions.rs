//! How often what realms and users are seen as was changed; asked by Session, for answers that are remembered
//! (docs/adr/0008-answers-remembered-by-version.md).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{GetVersionsRequest, GetVersionsResponse, Version};
use gantry_rpc::Call;

use crate::error::Error;
use crate::service::Auth;

/// Ids of one kind that are asked for at the most.
const MOST: usize = 1000;

/// Tells the versions of those realms and users that are there.
pub(crate) async fn get_versions(
    auth: &Auth,
    _: &Call,
    request: GetVersionsRequest,
) -> Result<GetVersionsResponse, Error> {
    if request.realms.len().max(request.users.len()) > MOST {
        return Err(Reason::Malformed.into());
    }
    let rows = auth.store.list_versions(request.realms, request.users).await?;
    let version = |(id, number, timed): (String, Option<i64>, Option<bool>)| Version {
        id,
        // Who was never counted was never changed.
        number: number.unwrap_or(0),
        timed: timed.unwrap_or(false),
    };
    Ok(GetVersionsResponse {
        versions: rows.into_iter().map(version).collect(),
    })
}
