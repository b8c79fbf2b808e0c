//! `GET /v2/users` (contract 3.2).

use gantry_kernel::{Direction, Sort, normalize_identity};
use gantry_proto::auth::v2::{ListUsersRequest, UserList};
use gantry_rpc::{Call, expands, list_fields, page};

use super::given;
use crate::convert;
use crate::error::Error;
use crate::service::Auth;
use crate::store::UserFilter;

/// Lists a realm's users.
pub(crate) async fn list_users(auth: &Auth, call: &Call, request: ListUsersRequest) -> Result<UserList, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let expand = expands(&request.expand, &["custom"])?;
    let fields = list_fields!(request);
    let page = page::<gantry_kernel::UserId>(fields, &[Sort::Id], (Sort::Id, Direction::Asc))?;
    let filter = UserFilter {
        state: given(request.state),
        email: given(request.email).as_deref().map(normalize_identity),
        username_key: given(request.username).as_deref().map(normalize_identity),
        reference: given(request.reference),
    };
    let rows = auth.store.list_users(realm.into_string(), filter, page.clone()).await?;
    let (rows, more_results) = page.cut(rows);
    let with_custom = expand.has("custom");
    let collection = rows.into_iter().map(|row| convert::user(row, with_custom)).collect();
    Ok(UserList {
        collection,
        more_results,
    })
}
