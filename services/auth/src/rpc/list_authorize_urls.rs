//! `GET /v2/auth_providers/authorize` (contract 3.8).

use gantry_kernel::Page;
use gantry_proto::auth::v2::{AuthorizeUrlList, ListAuthorizeUrlsRequest};
use gantry_rpc::Call;

use super::get_authorize_url::{authorize_url, bound_to};
use super::realm_of;
use crate::error::Error;
use crate::external::Begin;
use crate::rules::{external, provider};
use crate::service::Auth;

/// Tells where browsers are sent for a sign-in at each active external provider. One that cannot say where it answers is left out.
pub(crate) async fn list_authorize_urls(
    auth: &Auth,
    call: &Call,
    request: ListAuthorizeUrlsRequest,
) -> Result<AuthorizeUrlList, Error> {
    let realm = realm_of(auth, call, request.realm_id.as_deref()).await?;
    let redirect_uri = external::redirect_uri(request.redirect_uri)?;
    let bound_to = bound_to(request.nonce)?;
    let active = Some("active".to_owned());
    let all = auth
        .store
        .list_providers(realm.as_str().to_owned(), active, Page::default())
        .await?;
    let external = all.iter().filter(|row| provider::is_external(&row.provider_type));
    // Side by side: one that does not answer holds up the list once and not as often as there are such.
    let asked = external.map(|row| {
        let begin = Begin {
            realm: &realm,
            provider: row,
            redirect_uri: &redirect_uri,
            bound_to: bound_to.clone(),
        };
        async move { authorize_url(auth, &begin).await.ok() }
    });
    let collection = futures::future::join_all(asked).await.into_iter().flatten().collect();
    Ok(AuthorizeUrlList {
        collection,
        more_results: false,
    })
}
