//! DeleteMailingListProvider: removes a mailing-list provider (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{DeleteMailingListProviderRequest, MailingListProvider};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Removes a mailing-list provider and shows its last state. A conflict while hooks name it.
pub(crate) async fn delete_mailing_list_provider(
    state: &State,
    request: Request<DeleteMailingListProviderRequest>,
) -> Result<Response<MailingListProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let gone = state
        .store
        .remove_mailing_list_provider(realm.into_string(), asked.id)
        .await;
    // The database keeps a provider that hooks still name.
    let gone = gone.map_err(|error| match error {
        gantry_db::StoreError::Missing(_) => Error::from(Reason::Conflict),
        other => other.into(),
    })?;
    Ok(Response::new(convert::mailing_list_provider(
        gone.ok_or(Reason::NotFound)?,
    )))
}
