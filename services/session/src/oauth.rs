//! Whom an OAuth2 session speaks of.

use gantry_kernel::RealmId;
use gantry_rpc::Call;

use crate::auth::Asked;
use crate::error::Result;
use crate::rules::Profile;
use crate::state::State;
use crate::store::OauthRow;

impl State {
    /// The user of an OAuth2 session, and when they signed in, in milliseconds; `None` when user, realm or the session that they were
    /// signed in by may not be used any more.
    pub(crate) async fn oauth_user(
        &self,
        call: &Call,
        realm: &RealmId,
        row: &OauthRow,
    ) -> Result<Option<(Profile, i64)>> {
        let mut signed_in = row.created_at;
        if let Some(session) = &row.session_id {
            let (realm_id, id) = (realm.as_str().to_owned(), session.clone());
            match self.store.find_session(realm_id, id, self.now()).await? {
                Some(seen) => signed_in = seen.session.created_at,
                None => return Ok(None),
            }
        }
        let asked = Asked {
            user_id: &row.user_id,
            ..Asked::default()
        };
        let told = self.describe(call, realm, asked).await?;
        let active = told.filter(|(profile, _)| profile.active);
        Ok(active.map(|(profile, _)| (profile, signed_in)))
    }
}
