//! UpdateMailingListSubscription: changes whether a user is on a list (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{MailingListSubscription, UpdateMailingListSubscriptionRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::rules::provider::{Subscription, change_subscription};
use crate::store::MailingListSubscriptionRow;
use crate::{State, convert};

/// Changes the state of a subscription; a conflict when somebody else changes it at the same moment.
pub(crate) async fn update_mailing_list_subscription(
    state: &State,
    request: Request<UpdateMailingListSubscriptionRequest>,
) -> Result<Response<MailingListSubscription>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let found = state.store.find_mailing_list_subscription(realm, asked.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::mailing_list_subscription_input(asked.mailing_list_subscription.unwrap_or_default());
    let as_it_is = Subscription {
        hook_id: old.hook_id.clone(),
        user_id: old.user_id.clone(),
        list_state: old.list_state.clone(),
    };
    let now = change_subscription(input, as_it_is)?;
    let read_at = old.updated_at;
    let row = MailingListSubscriptionRow {
        list_state: now.list_state,
        updated_at: state.later_than(read_at),
        ..old
    };
    if !state.store.set_mailing_list_subscription(row.clone(), read_at).await? {
        return Err(Reason::Conflict.into());
    }
    Ok(Response::new(convert::mailing_list_subscription(row)))
}
