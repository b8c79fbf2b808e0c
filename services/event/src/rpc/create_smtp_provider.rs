//! CreateSmtpProvider: adds an SMTP provider to a realm (contract 3.13).

use gantry_kernel::SmtpProviderId;
use gantry_proto::event::v2::{CreateSmtpProviderRequest, SmtpProvider};
use gantry_rpc::Call;
use tonic::{Request, Response};

use crate::error::Error;
use crate::rules::provider::{Smtp, change_smtp, fresh_smtp};
use crate::sealed::SMTP_PASSWORD;
use crate::store::SmtpProviderRow;
use crate::{State, convert};

/// Adds an SMTP provider; its secret is sealed and never shown.
pub(crate) async fn create_smtp_provider(
    state: &State,
    request: Request<CreateSmtpProviderRequest>,
) -> Result<Response<SmtpProvider>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = state.realm_of(&call, asked.realm_id.as_deref()).await?;
    let input = convert::smtp_provider_input(asked.smtp_provider.unwrap_or_default());
    let secret = input.smtp_password.clone();
    let now = change_smtp(input, fresh_smtp())?;
    let id = state.ids.id::<SmtpProviderId>().into_string();
    let at = state.clock.now_ms();
    let sealed = state.reseal(SMTP_PASSWORD, &id, secret, None)?;
    let row = row(id, realm.into_string(), now, sealed, (at, at));
    state.store.add_smtp_provider(row.clone()).await?;
    Ok(Response::new(convert::smtp_provider(row)))
}

/// The row of an SMTP provider, with when it was made and when it was changed.
pub(crate) fn row(
    id: String,
    realm_id: String,
    now: Smtp,
    sealed: Option<String>,
    (created_at, updated_at): (i64, i64),
) -> SmtpProviderRow {
    SmtpProviderRow {
        id,
        realm_id,
        provider_name: now.provider_name,
        provider_type: now.provider_type,
        state: now.state,
        email_from: now.email_from,
        email_from_name: now.email_from_name,
        smtp_host: now.smtp_host,
        smtp_port: now.smtp_port,
        smtp_user: now.smtp_user,
        password_sealed: sealed,
        created_at,
        updated_at,
    }
}
