//! `POST /v2/orgs` (contract 3.3).

use gantry_kernel::OrgId;
use gantry_proto::auth::v2::{CreateOrgRequest, Org};
use gantry_rpc::Call;

use super::realm_of;
use crate::convert;
use crate::error::Error;
use crate::rules::org;
use crate::service::Auth;

/// Adds an org.
pub(crate) async fn create_org(auth: &Auth, call: &Call, request: CreateOrgRequest) -> Result<Org, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let input = convert::input::org(request.org.unwrap_or_default());
    let id: OrgId = auth.ids.id();
    let row = org::new(input, &id, &realm, auth.clock.now_ms())?;
    let mut event = auth.event(&realm, "org.created", &cause);
    event.org_id = Some(row.id.clone());
    auth.store
        .add_org(row.clone(), auth.store.holder(), vec![event])
        .await?;
    auth.relay.wake();
    Ok(convert::org(row, true))
}
