//! CreateHook: adds a hook to a realm (contract 5.4).

use gantry_kernel::{HookId, Problem};
use gantry_proto::event::v2::{CreateHookRequest, Hook as Shown};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::get_hook::shown;
use crate::error::Error;
use crate::rules::hook::{Hook, change, check_list, fresh};
use crate::rules::signature::fresh as fresh_secret;
use crate::sealed::HOOK_SECRET;
use crate::store::HookRow;
use crate::{State, convert};

/// Adds a hook. What a webhook's requests are signed with is shown this once.
pub(crate) async fn create_hook(state: &State, request: Request<CreateHookRequest>) -> Result<Response<Shown>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = state.realm_of(&call, asked.realm_id.as_deref()).await?;
    let input = convert::hook_input(asked.hook.unwrap_or_default());
    let old = fresh(&input);
    let hook = change(input, old)?;
    listed(state, realm.as_str(), &hook).await?;
    let blank = HookRow::blank(state.ids.id::<HookId>(), realm, state.clock.now_ms());
    let mut row = state.closed(&hook, blank)?;
    let secret = (row.hook_type == "webhook").then(|| fresh_secret(&*state.rng));
    if let Some(secret) = &secret {
        row.secret_sealed = Some(state.seal(HOOK_SECRET, &row.id, secret)?);
    }
    state.store.add_hook(row.clone()).await?;
    let mut hook = shown(state, row)?;
    hook.signing_secret = secret.map(|secret| secret.expose().to_owned());
    Ok(Response::new(hook))
}

/// The provider of a hook's list must be one of its realm, and keep such a list.
pub(crate) async fn listed(state: &State, realm: &str, hook: &Hook) -> Result<(), Error> {
    let Some(id) = &hook.list_provider_id else {
        return Ok(());
    };
    let found = state.store.find_mailing_list_provider(realm.to_owned(), id.clone());
    let provider = found.await?.ok_or_else(|| not_found("mailing_list_provider_id"))?;
    check_list(hook, &provider.valid_list_ids.to_strings())?;
    Ok(())
}

/// Something that a field names is not there, or is another realm's.
pub(crate) fn not_found(field: &str) -> Error {
    Problem::field(field, "not_found").into()
}
