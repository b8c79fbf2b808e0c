//! GetSmtpProvider: one SMTP provider of a realm (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{GetSmtpProviderRequest, SmtpProvider};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Shows an SMTP provider.
pub(crate) async fn get_smtp_provider(
    state: &State,
    request: Request<GetSmtpProviderRequest>,
) -> Result<Response<SmtpProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let found = state.store.find_smtp_provider(realm.into_string(), asked.id).await?;
    Ok(Response::new(convert::smtp_provider(found.ok_or(Reason::NotFound)?)))
}
