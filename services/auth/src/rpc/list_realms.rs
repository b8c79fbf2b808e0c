//! `GET /v2/realms` (contract 3.1).

use gantry_kernel::{Direction, Sort};
use gantry_proto::auth::v2::{ListRealmsRequest, RealmList};
use gantry_rpc::{Call, expands, list_fields, page};

use super::given;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;

/// Lists the realms that the key may see.
pub(crate) async fn list_realms(auth: &Auth, call: &Call, request: ListRealmsRequest) -> Result<RealmList, Error> {
    let expand = expands(&request.expand, &["custom"])?;
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::RealmId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let lock = call.lock().map(str::to_owned);
    let rows = auth.store.list_realms(lock, given(request.state), page.clone()).await?;
    let (rows, more_results) = page.cut(rows);
    let with_custom = expand.has("custom");
    let collection = rows
        .into_iter()
        .map(|row| convert::realm(row, with_custom, None))
        .collect();
    Ok(RealmList {
        collection,
        more_results,
    })
}
