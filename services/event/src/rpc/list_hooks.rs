//! ListHooks: a realm's hooks (contract 5.4).

use gantry_kernel::{Direction, HookId, Sort};
use gantry_proto::event::v2::{HookList, ListHooksRequest};
use gantry_rpc::{Call, list_fields, page};
use tonic::{Request, Response};

use super::get_hook::shown;
use crate::State;
use crate::error::Error;

/// Lists hooks.
pub(crate) async fn list_hooks(state: &State, request: Request<ListHooksRequest>) -> Result<Response<HookList>, Error> {
    let call = Call::of(&request)?;
    let asked = request.into_inner();
    let realm = call.realm(asked.realm_id.as_deref())?;
    let fields = list_fields!(asked);
    let page = page::<HookId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let rows = state.store.list_hooks(realm.into_string(), page.clone()).await?;
    let (rows, more_results) = page.cut(rows);
    let mut collection = Vec::with_capacity(rows.len());
    for row in rows {
        collection.push(shown(state, row)?);
    }
    Ok(Response::new(HookList {
        collection,
        more_results,
    }))
}
