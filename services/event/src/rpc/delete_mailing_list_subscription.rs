//! DeleteMailingListSubscription: removes a mailing-list subscription (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{DeleteMailingListSubscriptionRequest, MailingListSubscription};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Removes a mailing-list subscription and shows its last state.
pub(crate) async fn delete_mailing_list_subscription(
    state: &State,
    request: Request<DeleteMailingListSubscriptionRequest>,
) -> Result<Response<MailingListSubscription>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let gone = state
        .store
        .remove_mailing_list_subscription(realm.into_string(), asked.id)
        .await?;
    Ok(Response::new(convert::mailing_list_subscription(
        gone.ok_or(Reason::NotFound)?,
    )))
}
