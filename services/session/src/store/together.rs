//! The questions that every request asks, asked together for all requests of a moment (docs/adr/0006-questions-asked-together.md).

use std::collections::HashMap;

use gantry_db::{StoreError, Together};

use super::{KeyHead, PublicKeyRow, Seen, SessionRow, Store};

/// Who waits for which question.
#[derive(Debug, Clone, Default)]
pub(super) struct Questions {
    sessions: Together<SessionOf, Seen>,
    public_keys: Together<String, Vec<PublicKeyRow>>,
}

/// Which session, and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SessionOf {
    realm_id: String,
    id: String,
    now: i64,
}

impl Store {
    /// Finds a session of a realm that lives at `now`, with the keys of the realm.
    pub(crate) async fn find_session(
        &self,
        realm_id: String,
        id: String,
        now: i64,
    ) -> Result<Option<Seen>, StoreError> {
        let many = |store: Self, asked: Vec<SessionOf>| async move {
            let ids = asked.iter().map(|key| key.id.clone()).collect();
            let earliest = asked.iter().map(|key| key.now).min().unwrap_or_default();
            let rows = store.find_sessions(ids, earliest).await?;
            Ok(seen(rows, asked))
        };
        let key = SessionOf { realm_id, id, now };
        let question = &self.questions.sessions;
        self.db.ask_together("find_session", question, self, key, many).await
    }

    /// Lists the realm's public keys, in the order of their turns.
    pub(crate) async fn list_public_keys(&self, realm_id: String) -> Result<Vec<PublicKeyRow>, StoreError> {
        let many = |store: Self, asked: Vec<String>| async move {
            let rows = store.list_public_keys_of(asked.clone()).await?;
            let of = |realm: &String| rows.iter().filter(|row| row.realm_id == *realm).cloned().collect();
            Ok(asked.into_iter().map(|realm| (realm.clone(), of(&realm))).collect())
        };
        let question = &self.questions.public_keys;
        let found = self.db.ask_together("list_public_keys", question, self, realm_id, many);
        Ok(found.await?.unwrap_or_default())
    }
}

/// Holds each session to the realm and the moment that it was asked for: what belongs to another realm, or has ended, is not there
/// (T-03).
fn seen(rows: Vec<(SessionRow, Option<KeyHead>)>, asked: Vec<SessionOf>) -> HashMap<SessionOf, Seen> {
    let mut by_id: HashMap<String, Seen> = HashMap::new();
    for (session, key) in rows {
        let id = session.id.clone();
        let keys = Vec::new();
        by_id.entry(id).or_insert(Seen { session, keys }).keys.extend(key);
    }
    let mut found = HashMap::new();
    for key in asked {
        let seen = by_id.get(&key.id);
        let own = seen.filter(|seen| seen.session.realm_id == key.realm_id && seen.session.expires_at > key.now);
        if let Some(seen) = own.cloned() {
            found.insert(key, seen);
        }
    }
    found
}
