//! Opens sessions: the row, its key and its first token.

use gantry_kernel::SessionId;
use gantry_proto::session::v2::SessionRecord;
use gantry_rpc::Origin;

use crate::convert;
use crate::error::Result;
use crate::rules::{Audience, Profile, session_ends};
use crate::state::State;
use crate::store::SessionRow;

/// A session to open.
pub(crate) struct Opening<'a> {
    /// Whose.
    pub(crate) profile: &'a Profile,
    /// Who its first token is for.
    pub(crate) audience: Audience,
    /// Whether it has one: something else may have to be done first.
    pub(crate) with_token: bool,
    /// Where the user is.
    pub(crate) origin: Origin,
}

impl State {
    /// Opens a session, always a new one (T-22), and shows it under its whole key, since that is what was asked for.
    pub(crate) async fn open(&self, opening: Opening<'_>) -> Result<SessionRecord> {
        let now = self.now();
        let record = self.ids.id::<SessionId>();
        let mut row = SessionRow {
            id: record.as_str().to_owned(),
            realm_id: opening.profile.realm_id.as_str().to_owned(),
            user_id: opening.profile.user_id.as_str().to_owned(),
            client_app_id: None,
            ip: opening.origin.ip,
            client: opening.origin.client,
            token_sealed: None,
            token_mark: None,
            created_at: now,
            expires_at: session_ends(now, opening.profile.session_minutes),
        };
        let mut token = None;
        if opening.with_token {
            let built = self.first_token(&row, opening.profile, opening.audience).await?;
            row.token_sealed = Some(built.sealed);
            row.token_mark = Some(built.mark);
            token = Some(built.token);
        }
        self.store.add_session(row.clone()).await?;
        Ok(SessionRecord {
            token,
            ..convert::record(row, self.session_keys.full(&record))
        })
    }
}
