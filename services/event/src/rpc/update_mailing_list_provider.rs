//! UpdateMailingListProvider: changes a mailing-list provider (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{MailingListProvider, UpdateMailingListProviderRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::create_mailing_list_provider::row;
use crate::error::Error;
use crate::rules::provider::{Lists, change_lists};
use crate::sealed::LIST_KEY;
use crate::store::MailingListProviderRow;
use crate::{State, convert};

/// Changes what was sent of a mailing-list provider; a conflict when somebody else changes it at the same moment.
pub(crate) async fn update_mailing_list_provider(
    state: &State,
    request: Request<UpdateMailingListProviderRequest>,
) -> Result<Response<MailingListProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let found = state.store.find_mailing_list_provider(realm, asked.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::mailing_list_provider_input(asked.mailing_list_provider.unwrap_or_default());
    let secret = input.api_key.clone();
    let now = change_lists(input, as_it_is(&old))?;
    let sealed = state.reseal(LIST_KEY, &old.id, secret, old.api_key_sealed)?;
    let times = (old.created_at, state.later_than(old.updated_at));
    let row = row(old.id, old.realm_id, now, sealed, times);
    if !state
        .store
        .set_mailing_list_provider(row.clone(), old.updated_at)
        .await?
    {
        return Err(Reason::Conflict.into());
    }
    Ok(Response::new(convert::mailing_list_provider(row)))
}

fn as_it_is(row: &MailingListProviderRow) -> Lists {
    Lists {
        provider_name: row.provider_name.clone(),
        provider_type: row.provider_type.clone(),
        state: row.state.clone(),
        api_endpoint: row.api_endpoint.clone(),
        provider_account: row.provider_account.clone(),
        valid_list_ids: row.valid_list_ids.to_strings(),
    }
}
