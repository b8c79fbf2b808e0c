//! ListSmtpProviders: a realm's SMTP providers (contract 3.13).

use gantry_kernel::{Direction, SmtpProviderId, Sort};
use gantry_proto::event::v2::{ListSmtpProvidersRequest, SmtpProviderList};
use gantry_rpc::{Call, list_fields, page};
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Lists SMTP providers.
pub(crate) async fn list_smtp_providers(
    state: &State,
    request: Request<ListSmtpProvidersRequest>,
) -> Result<Response<SmtpProviderList>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let fields = list_fields!(asked);
    let page = page::<SmtpProviderId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let rows = state
        .store
        .list_smtp_providers(realm.into_string(), page.clone())
        .await?;
    let (rows, more_results) = page.cut(rows);
    Ok(Response::new(SmtpProviderList {
        collection: rows.into_iter().map(convert::smtp_provider).collect(),
        more_results,
    }))
}
