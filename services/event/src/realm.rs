//! Asks Auth whom and what there is.

use gantry_kernel::{Id, Problem, RealmId, Reason, UserId};
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{DescribeLoginRequest, DescribeRealmRequest};
use gantry_rpc::{Call, from_status, internal};

use crate::State;

impl State {
    /// The realm of a call, once it is known to exist: for calls that add to it.
    pub(crate) async fn realm_of(&self, call: &Call, asked: Option<&str>) -> Result<RealmId, Problem> {
        let realm = call.realm(asked)?;
        let message = DescribeRealmRequest {
            realm_id: realm.as_str().to_owned(),
        };
        let mut auth = AuthClient::new(self.auth.clone());
        let told = auth.describe_realm(internal(message, call)).await;
        told.map_err(|status| from_status(&status))?;
        Ok(realm)
    }

    /// Whether a realm has a user.
    pub(crate) async fn has_user(&self, call: &Call, realm: &RealmId, user: &str) -> Result<bool, Problem> {
        if UserId::parse(user).is_err() {
            return Ok(false);
        }
        let message = DescribeLoginRequest {
            realm_id: realm.as_str().to_owned(),
            user_id: user.to_owned(),
            ..DescribeLoginRequest::default()
        };
        match AuthClient::new(self.auth.clone())
            .describe_login(internal(message, call))
            .await
        {
            Ok(_) => Ok(true),
            Err(status) => match from_status(&status) {
                problem if problem.reason == Reason::NotFound => Ok(false),
                problem => Err(problem),
            },
        }
    }
}
