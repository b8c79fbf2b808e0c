//! PingHook: tries a webhook (contract 5.1).

use gantry_kernel::{EventId, NotificationId, Problem, Reason, Violation};
use gantry_proto::event::v2::{EventRecord, Notification, PingHookRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::State;
use crate::convert::seconds;
use crate::deliver::{Outcome, Place, post};
use crate::error::Error;

/// Sends a webhook an event of the type `ping`, once, and shows what came of it; nothing is stored.
pub(crate) async fn ping_hook(
    state: &State,
    request: Request<PingHookRequest>,
) -> Result<Response<Notification>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let found = state.store.find_hook(realm.clone(), asked.id).await?;
    let row = found.ok_or(Reason::NotFound)?;
    if row.hook_type != "webhook" {
        let violation = Violation::new("hook_type", "other_hook_type").with("type", "webhook");
        return Err(Problem::invalid(vec![violation]).into());
    }
    let hook = state.opened(&row)?;
    let now = seconds(state.clock.now_ms());
    let event = EventRecord {
        object: "event".to_owned(),
        id: state.ids.id::<EventId>().into_string(),
        realm_id: realm,
        event_type: "ping".to_owned(),
        event_at: now,
        request: Some(asked.request.unwrap_or_default()),
        ..EventRecord::default()
    };
    let id = state.ids.id::<NotificationId>().into_string();
    let hook_id = row.id.clone();
    let tried = post(state, &Place { row, hook }, &id, &event).await?;
    let done = tried.outcome == Outcome::Done;
    Ok(Response::new(Notification {
        object: "notification".to_owned(),
        id,
        hook_id: Some(hook_id),
        hook_type: "webhook".to_owned(),
        state: if done { "completed" } else { "failed" }.to_owned(),
        attempts: 1,
        last_attempt_at: Some(now),
        last_destination: tried.destination,
        last_result: Some(tried.result),
        next_attempt_at: None,
        ..Notification::default()
    }))
}
