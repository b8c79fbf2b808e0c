//! Asks Auth who a user is and whether they may still log in.

use gantry_kernel::{Problem, RealmId, Reason};
use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{DescribeLoginRequest, User};
use gantry_rpc::Call;

use crate::convert;
use crate::error::{Failure, Result};
use crate::rules::Profile;
use crate::state::State;

/// What to ask about a user.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked<'a> {
    /// The user.
    pub(crate) user_id: &'a str,
    /// Whether exactly one org is chosen, as LoginRocket does.
    pub(crate) select_account: bool,
    /// The org to choose.
    pub(crate) account: Option<String>,
    /// Whether to tell the user as the Core API shows it.
    pub(crate) with_user: bool,
    /// And that with memberships.
    pub(crate) with_memberships: bool,
}

impl State {
    /// Asks Auth about a user of a realm; `None` when there is no such user.
    pub(crate) async fn describe(
        &self,
        call: &Call,
        realm: &RealmId,
        asked: Asked<'_>,
    ) -> Result<Option<(Profile, Option<User>)>> {
        let message = DescribeLoginRequest {
            realm_id: realm.as_str().to_owned(),
            user_id: asked.user_id.to_owned(),
            account: asked.account,
            select_account: asked.select_account,
            with_user: asked.with_user || asked.with_memberships,
            with_memberships: asked.with_memberships,
        };
        let request = gantry_rpc::internal(message, call);
        let told = match AuthClient::new(self.auth.clone()).describe_login(request).await {
            Ok(told) => told.into_inner(),
            Err(status) => {
                let failure = Failure::told(&status);
                return match failure.reason() {
                    Reason::NotFound => Ok(None),
                    _ => Err(failure),
                };
            }
        };
        let (profile, user) = convert::profile(told)?;
        // A token must never speak of anybody but whom the session is for.
        if profile.realm_id != *realm || profile.user_id.as_str() != asked.user_id {
            return Err(Failure::internal("auth described another user than was asked for"));
        }
        Ok(Some((profile, user)))
    }

    /// The same, where a user who is gone or not active may use no session: for those there is `refusal`.
    pub(crate) async fn describe_active(
        &self,
        call: &Call,
        realm: &RealmId,
        asked: Asked<'_>,
        refusal: Reason,
    ) -> Result<(Profile, Option<User>)> {
        let told = self.describe(call, realm, asked).await?;
        let active = told.filter(|(profile, _)| profile.active);
        active.ok_or_else(|| Problem::new(refusal).into())
    }

    /// Whether the user is there and active.
    pub(crate) async fn may_log_in(&self, call: &Call, realm: &RealmId, asked: Asked<'_>) -> Result<bool> {
        let told = self.describe(call, realm, asked).await?;
        Ok(told.is_some_and(|(profile, _)| profile.active))
    }
}
