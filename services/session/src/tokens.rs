//! A session's token: the one built before as long as it says the same, else a new one, kept sealed in the session's row.

use gantry_kernel::{Id, RealmId, SessionId};

use crate::TOKEN;
use crate::error::{Failure, Result};
use crate::rules::{Audience, Draft, Heard, Profile, Unusable, Unverified, current, marked_end, token_ends};
use crate::state::State;
use crate::store::{KeyHead, Seen, SessionRow};

/// A token, and the seal and mark to keep with its session.
pub(crate) struct Built {
    /// The token.
    pub(crate) token: String,
    /// It, sealed to the session's row.
    pub(crate) sealed: String,
    /// What it says.
    pub(crate) mark: String,
}

impl State {
    /// Builds the first token of a session.
    pub(crate) async fn first_token(&self, row: &SessionRow, profile: &Profile, audience: Audience) -> Result<Built> {
        let key = self.provide_key(&profile.realm_id, profile.algo).await?;
        let ends = token_ends(row.expires_at, profile.jwt_minutes, self.now(), None);
        let record = record_of(row)?;
        let session = self.session_keys.full(&record);
        let draft = self.draft(&key.id, &session, profile, audience, ends);
        self.build(&record, &draft).await
    }

    /// Hands back a session's token, or builds it anew when what it says has changed or its end is near.
    pub(crate) async fn token(&self, seen: &Seen, profile: &Profile, audience: Audience) -> Result<String> {
        let row = &seen.session;
        let record = record_of(row)?;
        let kid = match live_key(&seen.keys, profile, self.now()) {
            Some(kid) => kid,
            None => self.provide_key(&profile.realm_id, profile.algo).await?.id,
        };
        let marked = row.token_mark.as_deref().and_then(|mark| marked_end(mark, audience));
        let ends = token_ends(
            row.expires_at,
            profile.jwt_minutes,
            self.now(),
            marked.map(|(ends, _)| ends),
        );
        let session = self.session_keys.full(&record);
        let draft = self.draft(&kid, &session, profile, audience, ends);
        if let Some(sealed) = row.token_sealed.as_deref()
            && row.token_mark.as_deref() == Some(draft.mark()?.as_str())
        {
            return self.unsealed_token(&row.id, sealed);
        }
        let built = self.build(&record, &draft).await?;
        // What a back end asks about a browser's session is not kept in the place of the browser's own token; the browser's, which is
        // asked for most often, takes the place of a back end's.
        if audience == Audience::LoginRocket || marked.is_none_or(|(_, same_audience)| same_audience) {
            let (realm_id, id) = (row.realm_id.clone(), row.id.clone());
            self.store.set_token(realm_id, id, built.sealed, built.mark).await?;
        }
        Ok(built.token)
    }

    /// Checks a token of a realm down to its session, which must live.
    pub(crate) async fn heard(&self, realm: &RealmId, token: &str) -> Result<Option<(Heard, String, Seen)>> {
        let Some(unverified) = Unverified::read(token) else {
            return Ok(None);
        };
        // A session that we did not make is not looked for.
        let Some(record) = self.session_keys.open(&unverified.claimed.sid) else {
            return Ok(None);
        };
        let now = self.now();
        let (realm_id, id) = (realm.as_str().to_owned(), record.into_string());
        let Some(seen) = self.store.find_session(realm_id, id, now).await? else {
            return Ok(None);
        };
        if !seen.keys.iter().any(|key| key.id == unverified.kid.as_str()) {
            return Ok(None);
        }
        let key = self.ready_key(realm, unverified.kid.as_str()).await?;
        let heard = unverified.verify(&key, &self.issuer, realm.as_str(), now);
        let heard = heard.filter(|(heard, _)| heard.sub == seen.session.user_id);
        Ok(heard.map(|(heard, claims)| (heard, claims, seen)))
    }

    fn draft<'a>(
        &'a self,
        kid: &'a str,
        session: &'a str,
        profile: &'a Profile,
        audience: Audience,
        ends: i64,
    ) -> Draft<'a> {
        Draft {
            issuer: &self.issuer,
            kid,
            session,
            profile,
            audience,
            ends,
        }
    }

    async fn build(&self, record: &SessionId, draft: &Draft<'_>) -> Result<Built> {
        let key = self.ready_key(&draft.profile.realm_id, draft.kid).await?;
        let token = draft.sign(&key, self.now().div_euclid(1000))?;
        let sealed = self.vault.seal(TOKEN, record.as_str(), token.as_bytes(), &*self.rng);
        Ok(Built {
            sealed: sealed.ok_or(Unusable)?,
            mark: draft.mark()?,
            token,
        })
    }

    fn unsealed_token(&self, row: &str, sealed: &str) -> Result<String> {
        let bytes = self.vault.open(TOKEN, row, sealed);
        let token = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        token.ok_or_else(|| Failure::inconsistent("session_sessions", "token_sealed", row))
    }
}

/// The key that signs the realm's tokens now.
fn live_key(keys: &[KeyHead], profile: &Profile, now: i64) -> Option<String> {
    current(keys, profile.algo.name(), now).map(|key| key.id.clone())
}

/// The session's id out of its row.
pub(crate) fn record_of(row: &SessionRow) -> Result<SessionId> {
    SessionId::parse(&row.id).map_err(|_invalid| Failure::inconsistent("session_sessions", "id", &row.id))
}
