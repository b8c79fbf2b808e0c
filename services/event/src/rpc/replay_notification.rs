//! ReplayNotification: tries one again, whatever became of it.

use gantry_kernel::Reason;
use gantry_proto::event::v2::{Notification, ReplayNotificationRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::get_notification::shown;
use crate::State;
use crate::error::Error;
use crate::lanes::is_active;

/// Has one tried again at once, and for two days more if need be.
pub(crate) async fn replay_notification(
    state: &State,
    request: Request<ReplayNotificationRequest>,
) -> Result<Response<Notification>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let found = state.store.find_notification(realm.clone(), asked.id).await?;
    let (row, _) = found.ok_or(Reason::NotFound)?;
    if let Some(hook) = &row.hook_id {
        is_active(&state.store, &realm, hook).await?;
    }
    let (id, now) = (row.id.clone(), state.clock.now_ms());
    state.store.replay_one(realm.clone(), row, now).await?;
    state.deliveries.notify_one();
    Ok(Response::new(shown(state, realm, id).await?))
}
