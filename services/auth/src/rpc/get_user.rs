//! `GET /v2/users/:id` (contract 3.2).

use gantry_kernel::{RealmId, Reason};
use gantry_proto::auth::v2::{GetUserRequest, MembershipItems, User};
use gantry_rpc::{Call, expands};

use crate::convert;
use crate::error::Error;
use crate::rules::login;
use crate::service::Auth;
use crate::store::UserRow;

/// The most memberships that are shown inside a user.
const MOST: i64 = 1000;

/// Reads one user by id, e-mail address or username.
pub(crate) async fn get_user(auth: &Auth, call: &Call, request: GetUserRequest) -> Result<User, Error> {
    let realm = call.realm(request.realm_id.as_deref())?;
    let expand = expands(&request.expand, &["memberships", "custom"])?;
    let found = login::find(auth, &realm, &request.id).await?.ok_or(Reason::NotFound)?;
    shown(auth, &realm, found.user, expand.has("memberships")).await
}

/// A user as it is shown alone: with `custom`, credentials and, where asked, memberships.
pub(crate) async fn shown(auth: &Auth, realm: &RealmId, row: UserRow, with_memberships: bool) -> Result<User, Error> {
    let id = row.id.clone();
    let mut user = convert::user(row, true);
    user.credentials = Some(convert::credentials(auth.store.list_credentials(id.clone()).await?));
    if with_memberships {
        let now = auth.clock.now_ms();
        let page = gantry_kernel::Page {
            max_results: MOST,
            ..gantry_kernel::Page::default()
        };
        let rows = auth
            .store
            .list_memberships(realm.as_str().to_owned(), None, Some(id), now, page)
            .await?;
        let items = rows
            .into_iter()
            .map(|(membership, _, org)| convert::membership(membership, None, Some(org)));
        user.memberships = Some(MembershipItems { items: items.collect() });
    }
    Ok(user)
}
