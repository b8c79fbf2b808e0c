//! ListMailingListProviders: a realm's mailing-list providers (contract 3.13).

use gantry_kernel::{Direction, MailingListProviderId, Sort};
use gantry_proto::event::v2::{ListMailingListProvidersRequest, MailingListProviderList};
use gantry_rpc::{Call, list_fields, page};
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Lists mailing-list providers.
pub(crate) async fn list_mailing_list_providers(
    state: &State,
    request: Request<ListMailingListProvidersRequest>,
) -> Result<Response<MailingListProviderList>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let fields = list_fields!(asked);
    let page = page::<MailingListProviderId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let rows = state
        .store
        .list_mailing_list_providers(realm.into_string(), page.clone())
        .await?;
    let (rows, more_results) = page.cut(rows);
    Ok(Response::new(MailingListProviderList {
        collection: rows.into_iter().map(convert::mailing_list_provider).collect(),
        more_results,
    }))
}
