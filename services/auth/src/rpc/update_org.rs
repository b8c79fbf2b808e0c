//! `PUT /v2/orgs/:id` (contract 3.3).

use gantry_kernel::Reason;
use gantry_proto::auth::v2::{Org, UpdateOrgRequest};
use gantry_rpc::Call;

use crate::convert;
use crate::error::Error;
use crate::rules::org;
use crate::service::Auth;

/// Changes what was sent, unless the org is closed. Events: `org.updated`, `org.closed`.
pub(crate) async fn update_org(auth: &Auth, call: &Call, request: UpdateOrgRequest) -> Result<Org, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let cause = convert::input::cause(call, request.request.as_ref())?;
    let input = convert::input::org_change(request.org.unwrap_or_default());
    let change = org::change(input, auth.clock.now_ms())?;
    if change.types.is_empty() {
        let found = auth.store.find_org(realm.into_string(), request.id).await?;
        return Ok(convert::org(found.ok_or(Reason::NotFound)?, true));
    }
    let events = change.types.into_iter().map(|event_type| {
        let mut event = auth.event(&realm, event_type, &cause);
        event.org_id = Some(request.id.clone());
        event
    });
    let events = events.collect();
    let id = request.id.clone();
    let changed = auth
        .store
        .set_org(realm.into_string(), id, change.patch, auth.store.holder(), events);
    let row = changed.await?.ok_or(Reason::NotFound)?;
    auth.relay.wake();
    Ok(convert::org(row, true))
}
