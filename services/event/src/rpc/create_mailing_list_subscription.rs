//! CreateMailingListSubscription: puts a user on the mailing list of a hook (contract 3.13).

use gantry_kernel::{MailingListSubscriptionId, Problem};
use gantry_proto::event::v2::{CreateMailingListSubscriptionRequest, MailingListSubscription};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::create_hook::not_found;
use crate::error::Error;
use crate::rules::provider::new_subscription;
use crate::store::MailingListSubscriptionRow;
use crate::{State, convert};

/// Adds a subscription; a user has one for each hook.
pub(crate) async fn create_mailing_list_subscription(
    state: &State,
    request: Request<CreateMailingListSubscriptionRequest>,
) -> Result<Response<MailingListSubscription>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = state.realm_of(&call, asked.realm_id.as_deref()).await?;
    let input = convert::mailing_list_subscription_input(asked.mailing_list_subscription.unwrap_or_default());
    let made = new_subscription(input)?;
    let hook = state
        .store
        .find_hook(realm.as_str().to_owned(), made.hook_id.clone())
        .await?;
    if hook.is_none_or(|hook| hook.hook_type != "mailing_list") {
        return Err(not_found("hook_id"));
    }
    if !state.has_user(&call, &realm, &made.user_id).await? {
        return Err(not_found("user_id"));
    }
    let now = state.clock.now_ms();
    let row = MailingListSubscriptionRow {
        id: state.ids.id::<MailingListSubscriptionId>().into_string(),
        realm_id: realm.into_string(),
        hook_id: made.hook_id,
        user_id: made.user_id,
        list_state: made.list_state,
        created_at: now,
        updated_at: now,
    };
    match state.store.add_mailing_list_subscription(row.clone()).await {
        Err(error) if error.is_duplicate("user_id") => Err(Problem::field("user_id", "taken").into()),
        added => {
            added?;
            Ok(Response::new(convert::mailing_list_subscription(row)))
        }
    }
}
