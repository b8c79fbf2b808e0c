//! CreateMailingListProvider: adds a mailing-list provider to a realm (contract 3.13).

use gantry_db::JsonText;
use gantry_kernel::MailingListProviderId;
use gantry_proto::event::v2::{CreateMailingListProviderRequest, MailingListProvider};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::rules::provider::{Lists, change_lists, fresh_lists};
use crate::sealed::LIST_KEY;
use crate::store::MailingListProviderRow;
use crate::{State, convert};

/// Adds a mailing-list provider; its secret is sealed and never shown.
pub(crate) async fn create_mailing_list_provider(
    state: &State,
    request: Request<CreateMailingListProviderRequest>,
) -> Result<Response<MailingListProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = state.realm_of(&call, asked.realm_id.as_deref()).await?;
    let input = convert::mailing_list_provider_input(asked.mailing_list_provider.unwrap_or_default());
    let secret = input.api_key.clone();
    let now = change_lists(input, fresh_lists())?;
    let id = state.ids.id::<MailingListProviderId>().into_string();
    let at = state.clock.now_ms();
    let sealed = state.reseal(LIST_KEY, &id, secret, None)?;
    let row = row(id, realm.into_string(), now, sealed, (at, at));
    state.store.add_mailing_list_provider(row.clone()).await?;
    Ok(Response::new(convert::mailing_list_provider(row)))
}

/// The row of a mailing-list provider, with when it was made and when it was changed.
pub(crate) fn row(
    id: String,
    realm_id: String,
    now: Lists,
    sealed: Option<String>,
    (created_at, updated_at): (i64, i64),
) -> MailingListProviderRow {
    MailingListProviderRow {
        id,
        realm_id,
        provider_name: now.provider_name,
        provider_type: now.provider_type,
        state: now.state,
        api_endpoint: now.api_endpoint,
        provider_account: now.provider_account,
        valid_list_ids: JsonText::strings(&now.valid_list_ids),
        api_key_sealed: sealed,
        created_at,
        updated_at,
    }
}
