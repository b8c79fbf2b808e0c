//! UpdateSmtpProvider: changes an SMTP provider (contract 3.13).

use gantry_kernel::Reason;
use gantry_proto::event::v2::{SmtpProvider, UpdateSmtpProviderRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::create_smtp_provider::row;
use crate::error::Error;
use crate::rules::provider::{Smtp, change_smtp};
use crate::sealed::SMTP_PASSWORD;
use crate::store::SmtpProviderRow;
use crate::{State, convert};

/// Changes what was sent of an SMTP provider; a conflict when somebody else changes it at the same moment.
pub(crate) async fn update_smtp_provider(
    state: &State,
    request: Request<UpdateSmtpProviderRequest>,
) -> Result<Response<SmtpProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let found = state.store.find_smtp_provider(realm, asked.id).await?;
    let old = found.ok_or(Reason::NotFound)?;
    let input = convert::smtp_provider_input(asked.smtp_provider.unwrap_or_default());
    let secret = input.smtp_password.clone();
    let now = change_smtp(input, as_it_is(&old))?;
    let sealed = state.reseal(SMTP_PASSWORD, &old.id, secret, old.password_sealed)?;
    let times = (old.created_at, state.later_than(old.updated_at));
    let row = row(old.id, old.realm_id, now, sealed, times);
    if !state.store.set_smtp_provider(row.clone(), old.updated_at).await? {
        return Err(Reason::Conflict.into());
    }
    Ok(Response::new(convert::smtp_provider(row)))
}

fn as_it_is(row: &SmtpProviderRow) -> Smtp {
    Smtp {
        provider_name: row.provider_name.clone(),
        provider_type: row.provider_type.clone(),
        state: row.state.clone(),
        email_from: row.email_from.clone(),
        email_from_name: row.email_from_name.clone(),
        smtp_host: row.smtp_host.clone(),
        smtp_port: row.smtp_port,
        smtp_user: row.smtp_user.clone(),
    }
}
