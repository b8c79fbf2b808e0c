//! RotateHookSecret: gives a webhook a new secret (T-28).

use gantry_kernel::{Problem, Reason, Violation};
use gantry_proto::event::v2::{Hook, RotateHookSecretRequest};
use gantry_rpc::Call;
use tonic::{Request, Response};

use super::get_hook::shown;
use crate::State;
use crate::error::Error;
use crate::rules::signature::{OVERLAP_MS, fresh};
use crate::sealed::HOOK_SECRET;
use crate::store::HookRow;

/// Gives a webhook a new secret, and shows it this once. For a day requests are signed with the old one too, so that receivers have time.
pub(crate) async fn rotate_hook_secret(
    state: &State,
    request: Request<RotateHookSecretRequest>,
) -> Result<Response<Hook>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?.into_string();
    let old = state.store.find_hook(realm, asked.id).await?.ok_or(Reason::NotFound)?;
    if old.hook_type != "webhook" {
        let violation = Violation::new("hook_type", "other_hook_type").with("type", "webhook");
        return Err(Problem::invalid(vec![violation]).into());
    }
    let secret = fresh(&*state.rng);
    let read_at = old.updated_at;
    let row = HookRow {
        secret_sealed: Some(state.seal(HOOK_SECRET, &old.id, &secret)?),
        old_secret_sealed: old.secret_sealed.clone(),
        old_secret_until: Some(state.clock.now_ms().saturating_add(OVERLAP_MS)),
        updated_at: state.later_than(read_at),
        ..old
    };
    if !state.store.set_hook(row.clone(), read_at).await? {
        return Err(Reason::Conflict.into());
    }
    let mut hook = shown(state, row)?;
    hook.signing_secret = Some(secret.expose().to_owned());
    Ok(Response::new(hook))
}
