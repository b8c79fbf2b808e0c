//! A realm's signing keys as an administrator turns them: listed, added, made current, removed, and retired when they are spent.

use gantry_kernel::{RealmId, Reason};
use gantry_proto::session::v2::JwtKey;

use crate::error::{Failure, Result};
use crate::rules::rotation::{MOST, NOT_YET, first_turn, retiring, standing};
use crate::rules::{Algo, current, short_key};
use crate::state::State;
use crate::store::KeyRow;

impl State {
    /// The realm's keys, in the order of their turns, without those that nobody needs any more: whose successor signs, and whose last session is
    /// over.
    pub(crate) async fn keys_in_use(&self, realm: &RealmId) -> Result<Vec<KeyRow>> {
        let now = self.now();
        let mut rows = self.store.list_all_keys(realm.as_str().to_owned()).await?;
        for (id, below) in retiring(&rows, now) {
            let realm_id = realm.as_str().to_owned();
            // Asked first without a lock: while the last of its sessions live this is asked often.
            if self
                .store
                .has_session_below(realm_id.clone(), below.clone(), now)
                .await?
            {
                continue;
            }
            if self.store.retire_key(realm_id, id.clone(), below, now).await? {
                rows.retain(|row| row.id != id);
            }
        }
        Ok(rows)
    }

    /// Gives a realm another key.
    pub(crate) async fn add_turn(&self, realm: &RealmId, algo: Algo, at_once: bool) -> Result<KeyRow> {
        let now = self.now();
        let rows = self.keys_in_use(realm).await?;
        if rows.len() >= MOST {
            return Err(Reason::Conflict.into());
        }
        let turn = first_turn(algo, current(&rows, algo.name(), now).is_some(), at_once, now);
        self.give_turn(realm, algo, turn).await
    }

    /// Removes a key: what it signed is worth nothing from now on. If nobody signs then, the next key does; a realm is never without
    /// a public key.
    pub(crate) async fn remove_key(&self, realm: &RealmId, id: &str) -> Result<Option<KeyRow>> {
        let (realm_id, now) = (realm.as_str().to_owned(), self.now());
        let Some(gone) = self.store.remove_key(realm_id, id.to_owned(), now).await? else {
            return Ok(None);
        };
        if gone.algo == Algo::Rs256.name() {
            self.provide_key(realm, Algo::Rs256).await?;
        }
        Ok(Some(gone))
    }

    /// A key as an administrator sees it, among those of its realm. A secret one is shown alone only, never in a list.
    pub(crate) fn shown_key(&self, row: &KeyRow, rows: &[KeyRow], alone: bool) -> Result<JwtKey> {
        let secret = match row.public_key {
            None if alone => String::from_utf8(self.unsealed(row)?.to_vec()).ok(),
            _ => None,
        };
        let short = match &row.public_key {
            Some(public) => short_key(public.as_bytes()),
            None => short_key(&self.unsealed(row)?),
        };
        Ok(JwtKey {
            object: "jwt_key".to_owned(),
            id: row.id.clone(),
            realm_id: row.realm_id.clone(),
            algo: row.algo.clone(),
            r#use: "sig".to_owned(),
            key: row.public_key.clone().or(secret),
            short_key: short,
            flags: vec![standing(row, rows, self.now()).flag().to_owned()],
            signs_from: (row.signs_from != NOT_YET).then(|| row.signs_from.max(row.created_at) as f64 / 1000.0),
            // Milliseconds fit a double exactly for the next 285,000 years.
            created_at: row.created_at as f64 / 1000.0,
        })
    }

    /// One of the realm's keys, and all of them.
    pub(crate) async fn key_among(&self, realm: &RealmId, id: &str) -> Result<(KeyRow, Vec<KeyRow>)> {
        let rows = self.keys_in_use(realm).await?;
        let row = rows.iter().find(|row| row.id == id).cloned();
        let row = row.ok_or_else(|| Failure::from(Reason::NotFound))?;
        Ok((row, rows))
    }
}
