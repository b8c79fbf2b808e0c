//! GetNotification: one notification with its attempts (contract 5.3).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{GetNotificationRequest, Notification};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Shows a notification, and what came of each of its latest attempts.
pub(crate) async fn get_notification(
    state: &State,
    request: Request<GetNotificationRequest>,
) -> Result<Response<Notification>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    Ok(Response::new(shown(state, realm, asked.id).await?))
}

/// A notification of a realm as it is shown.
pub(super) async fn shown(state: &State, realm: String, id: String) -> Result<Notification, Error> {
    let found = state.store.find_notification(realm, id).await?;
    let (row, event) = found.ok_or(Reason::NotFound)?;
    let log = state.store.list_attempts(row.id.clone()).await?;
    let mut shown = convert::notification_of(row, &event);
    shown.attempt_log = log.into_iter().map(convert::attempt).collect();
    Ok(shown)
}
