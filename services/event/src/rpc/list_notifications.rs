//! ListNotifications: who was told of what (contract 5.3).

use gantry_kernel::{Direction, NotificationId, Reason, Sort};
use gantry_proto::event::v2::{ListNotificationsRequest, NotificationList};
use gantry_rpc::{Call, list_fields, page};
use tonic::{Request, Response};

use super::given;
use crate::error::Error;
use crate::lanes::Unfit;
use crate::rules::replay::listed;
use crate::{State, convert, lanes};

/// Lists notifications, the latest first.
pub(crate) async fn list_notifications(
    state: &State,
    request: Request<ListNotificationsRequest>,
) -> Result<Response<NotificationList>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let fields = list_fields!(asked);
    let page = page::<NotificationId>(fields, &[Sort::Id], (Sort::Id, Direction::Desc))?;
    let range = listed(
        asked.state.as_deref(),
        (asked.created_at_after, asked.created_at_before),
    )?;
    let lanes = match lanes::listed(&state.store, &realm, given(asked.hook_id)).await {
        Err(Unfit::Missing) => return Err(Reason::NotFound.into()),
        lanes => lanes?,
    };
    let part = (page.after.clone(), page.direction, page.fetch());
    let (rows, more_results) = page.cut(state.store.list_history(lanes, range, part).await?);
    // What tells of an event that was wiped is about to go too.
    let shown = rows
        .into_iter()
        .filter_map(|(row, event)| Some(convert::notification_of(row, &event?)));
    Ok(Response::new(NotificationList {
        collection: shown.collect(),
        more_results,
    }))
}
