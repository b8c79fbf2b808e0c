//! DeleteSmtpProvider: removes an SMTP provider (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{DeleteSmtpProviderRequest, SmtpProvider};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::{State, convert};

/// Removes an SMTP provider and shows its last state.
pub(crate) async fn delete_smtp_provider(
    state: &State,
    request: Request<DeleteSmtpProviderRequest>,
) -> Result<Response<SmtpProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let gone = state.store.remove_smtp_provider(realm.into_string(), asked.id).await?;
    Ok(Response::new(convert::smtp_provider(gone.ok_or(Reason::NotFound)?)))
}
