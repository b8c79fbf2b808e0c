//! ListMailingListSubscriptions: a realm's mailing-list subscriptions (contract 3.13).

use gantry_kernel::{Direction, MailingListSubscriptionId, Sort};
use gantry_proto::event::v2::{ListMailingListSubscriptionsRequest, MailingListSubscriptionList};
use gantry_rpc::{Call, list_fields, page};
use tonic::{Request, Response};

use super::given;
use crate::error::Error;
use crate::{State, convert};

/// Lists mailing-list subscriptions.
pub(crate) async fn list_mailing_list_subscriptions(
    state: &State,
    request: Request<ListMailingListSubscriptionsRequest>,
) -> Result<Response<MailingListSubscriptionList>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let fields = list_fields!(asked);
    let page = page::<MailingListSubscriptionId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let (hook, user) = (given(asked.hook_id), given(asked.user_id));
    let rows = state
        .store
        .list_mailing_list_subscriptions(realm.into_string(), hook, user, page.clone())
        .await?;
    let (rows, more_results) = page.cut(rows);
    Ok(Response::new(MailingListSubscriptionList {
        collection: rows.into_iter().map(convert::mailing_list_subscription).collect(),
        more_results,
    }))
}
