//! ListEvents: a realm's events, the latest first.

use std::collections::HashMap;

use gantry_kernel::{Direction, EventId, HookId, Problem, RealmId, Sort, Violation};
use gantry_proto::event::v2::{EventList, ListEventsRequest};
use gantry_rpc::{Call, expands, list_fields, page};
use tonic::{Request, Response};

use crate::error::Error;
use crate::rules::filter::{id, read_filter};
use crate::rules::list::{EventQuery, times};
use crate::store::NotificationRow;
use crate::{State, convert};

/// Lists events.
pub(crate) async fn list_events(
    state: &State,
    request: Request<ListEventsRequest>,
) -> Result<Response<EventList>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let query = read(realm, &asked, state.clock.now_ms())?;
    let page = query.page.clone();
    let (rows, more_results) = page.cut(state.store.list_events(query).await?);
    let mut notifications: HashMap<String, Vec<NotificationRow>> = HashMap::new();
    if expanded(&asked).is_ok_and(|found| found) {
        let ids = rows.iter().map(|row| row.id.clone()).collect();
        for row in state.store.list_notifications(ids).await? {
            notifications.entry(row.event_id.clone()).or_default().push(row);
        }
    }
    let shown = rows.into_iter().map(|row| {
        let told = notifications.remove(&row.id).unwrap_or_default();
        let mut event = state.shown(&call, row);
        event.notifications = told.into_iter().map(convert::notification).collect();
        event
    });
    Ok(Response::new(EventList {
        collection: shown.collect(),
        more_results,
    }))
}

/// Whether notifications are to be shown too.
fn expanded(asked: &ListEventsRequest) -> Result<bool, Problem> {
    Ok(expands(&asked.expand, &["notifications"])?.has("notifications"))
}

/// Reads what is asked for, and tells all that is wrong with it at once.
fn read(realm_id: RealmId, asked: &ListEventsRequest, now_ms: i64) -> Result<EventQuery, Problem> {
    let mut wrong: Vec<Violation> = Vec::new();
    let fields = list_fields!(asked);
    let page = page::<EventId>(fields, &[Sort::Id], (Sort::Id, Direction::Desc));
    let page = page.map_err(|problem| wrong.extend(problem.violations)).ok();
    if let Err(problem) = expanded(asked) {
        wrong.extend(problem.violations);
    }
    let filter = read_filter!(asked, wrong);
    let hook_id = id::<HookId>(&asked.hook_id, "hook_id", &mut wrong);
    let times = times(asked.created_at_after, asked.created_at_before, now_ms);
    let times = times.map_err(|violation| wrong.push(violation)).ok();
    match (page, times) {
        (Some(page), Some((since, before))) if wrong.is_empty() => Ok(EventQuery {
            realm_id,
            filter,
            hook_id,
            since,
            before,
            page,
        }),
        _ => Err(Problem::invalid(wrong)),
    }
}
