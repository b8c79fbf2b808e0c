//! GetMailingListProvider: one mailing-list provider of a realm (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{GetMailingListProviderRequest, MailingListProvider};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Shows a mailing-list provider.
pub(crate) async fn get_mailing_list_provider(
    state: &State,
    request: Request<GetMailingListProviderRequest>,
) -> Result<Response<MailingListProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let found = state
        .store
        .find_mailing_list_provider(realm.into_string(), asked.id)
        .await?;
    Ok(Response::new(convert::mailing_list_provider(
        found.ok_or(Reason::NotFound)?,
    )))
}
