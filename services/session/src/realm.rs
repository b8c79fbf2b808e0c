//! Asks Auth what is configured: realms and OAuth2 apps.

use gantry_kernel::{Problem, RealmId, Reason, Secret};
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{CheckClientRequest, CheckClientResponse, DescribeRealmRequest, DescribeRealmResponse};
use gantry_rpc::Call;

use crate::error::{Failure, Result};
use crate::state::State;

impl State {
    /// Asks about a realm; `not_found` when there is none.
    pub(crate) async fn realm(&self, call: &Call, realm: &RealmId) -> Result<DescribeRealmResponse> {
        let message = DescribeRealmRequest {
            realm_id: realm.as_str().to_owned(),
        };
        let request = gantry_rpc::internal(message, call);
        let told = AuthClient::new(self.auth.clone()).describe_realm(request).await;
        told.map(tonic::Response::into_inner)
            .map_err(|status| Failure::told(&status))
    }

    /// Asks about an active OAuth2 app of a realm; `None` when there is none.
    pub(crate) async fn client_app(
        &self,
        call: &Call,
        realm: &RealmId,
        id: &str,
        secret: Option<&Secret>,
        redirect_uri: Option<&str>,
    ) -> Result<Option<CheckClientResponse>> {
        let message = CheckClientRequest {
            realm_id: realm.as_str().to_owned(),
            client_app_id: id.to_owned(),
            secret: secret.map(|secret| secret.expose().to_owned()),
            redirect_uri: redirect_uri.map(str::to_owned),
        };
        let request = gantry_rpc::internal(message, call);
        match AuthClient::new(self.auth.clone()).check_client(request).await {
            Ok(told) => Ok(Some(told.into_inner())),
            Err(status) => {
                let failure = Failure::told(&status);
                match failure.reason() {
                    Reason::NotFound => Ok(None),
                    _ => Err(failure),
                }
            }
        }
    }
}

/// The field of a request that must hold something.
pub(crate) fn needed(field: &str, value: Option<String>) -> std::result::Result<String, Problem> {
    let given = value.filter(|text| !text.is_empty());
    given.ok_or_else(|| Problem::field(field, "required"))
}
