//! A realm's signing keys: found, taken from stock or made, opened, and remembered while they are in use.

use std::collections::HashMap;
use std::sync::Arc;

use gantry_kernel::{JwtKeyId, RealmId, Reason};
use parking_lot::Mutex;

use crate::SIGNING_KEY;
use crate::error::{Failure, Result};
use crate::rules::{Algo, NewKey, SigningKey, Unusable, make_hs256, make_rs256};
use crate::state::State;
use crate::store::{KeyRow, StockRow};

const TABLE: &str = "session_keys";

impl State {
    /// The key that signs a realm's tokens; the realm gets one if it has none.
    pub(crate) async fn provide_key(&self, realm: &RealmId, algo: Algo) -> Result<KeyRow> {
        if let Some(row) = self.signing_key(realm, algo).await? {
            return Ok(row);
        }
        // From the beginning of time on: the clock of whoever else asks may be behind ours.
        match self.give(realm, algo, 0, true).await {
            // Somebody else was first; theirs is the realm's key.
            Err(failure) if failure.reason() == Reason::Conflict => {
                let row = self.signing_key(realm, algo).await?;
                row.ok_or_else(|| Failure::inconsistent(TABLE, "algo", realm.as_str()))
            }
            given => given,
        }
    }

    /// Gives a realm another key, which signs from some time on.
    pub(crate) async fn give_turn(&self, realm: &RealmId, algo: Algo, signs_from: i64) -> Result<KeyRow> {
        self.give(realm, algo, signs_from, false).await
    }

    async fn signing_key(&self, realm: &RealmId, algo: Algo) -> Result<Option<KeyRow>> {
        let (realm, algo) = (realm.as_str().to_owned(), algo.name().to_owned());
        Ok(self.store.find_signing_key(realm, algo, self.now()).await?)
    }

    /// A public key comes from stock, so that nobody waits for two primes; only an empty stock makes one wait.
    async fn give(&self, realm: &RealmId, algo: Algo, signs_from: i64, provided: bool) -> Result<KeyRow> {
        let made = match algo {
            Algo::Hs256 => make_hs256(&*self.rng),
            Algo::Rs256 => {
                let (realm_id, algo) = (realm.as_str().to_owned(), algo.name().to_owned());
                let taken = self
                    .store
                    .take_from_stock(realm_id, algo, self.now(), signs_from, provided)
                    .await?;
                self.refill.notify_one();
                match taken {
                    Some(row) => return Ok(row),
                    None => make_blocking().await?,
                }
            }
        };
        let id = self.ids.id::<JwtKeyId>().into_string();
        let sealed = self.vault.seal(SIGNING_KEY, &id, &made.secret, &*self.rng);
        let row = KeyRow {
            id,
            realm_id: realm.as_str().to_owned(),
            algo: algo.name().to_owned(),
            public_key: made.public_key,
            secret_sealed: sealed.ok_or(Unusable)?,
            created_at: self.now(),
            signs_from,
            provided,
        };
        Ok(self.store.add_key(row).await?)
    }

    /// Makes a key for the stock.
    pub(crate) async fn add_to_stock(&self) -> Result<()> {
        let made = make_blocking().await?;
        let id = self.ids.id::<JwtKeyId>().into_string();
        let sealed = self.vault.seal(SIGNING_KEY, &id, &made.secret, &*self.rng);
        let row = StockRow {
            secret_sealed: sealed.ok_or(Unusable)?,
            public_key: made.public_key.ok_or(Unusable)?,
            created_at: self.now(),
            id,
        };
        Ok(self.store.add_stock(row).await?)
    }

    /// The secret half of a key, as it was made.
    pub(crate) fn unsealed(&self, row: &KeyRow) -> Result<zeroize::Zeroizing<Vec<u8>>> {
        let secret = self.vault.open(SIGNING_KEY, &row.id, &row.secret_sealed);
        secret.ok_or_else(|| Failure::inconsistent(TABLE, "secret_sealed", &row.id))
    }

    /// A key ready for use. Only for an id that the database was just seen to hold for this realm: what is remembered is how
    /// a key is parsed, never that it may be used.
    pub(crate) async fn ready_key(&self, realm: &RealmId, id: &str) -> Result<Arc<SigningKey>> {
        if let Some(key) = self.key_cache.get(id) {
            return Ok(key);
        }
        let row = self.store.find_key(realm.as_str().to_owned(), id.to_owned()).await?;
        let row = row.ok_or_else(|| Failure::inconsistent(TABLE, "id", id))?;
        let algo = Algo::from_name(&row.algo).ok_or_else(|| Failure::inconsistent(TABLE, "algo", id))?;
        let secret = self.unsealed(&row)?;
        let key = SigningKey::parse(algo, &secret).ok();
        let key = key.filter(|key| key.belongs_to(row.public_key.as_deref()));
        let key = Arc::new(key.ok_or_else(|| Failure::inconsistent(TABLE, "secret_sealed", id))?);
        self.key_cache.put(id, Arc::clone(&key));
        Ok(key)
    }
}

async fn make_blocking() -> Result<NewKey> {
    let made = gantry_telemetry::spawn_blocking(make_rs256).await;
    Ok(made.map_err(Failure::internal)??)
}

/// Keys in use, parsed: bounded, since each takes some kilobytes.
#[derive(Default)]
pub(crate) struct KeyCache {
    // parking_lot: held for a look-up, never across an await.
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: HashMap<String, (u64, Arc<SigningKey>)>,
    uses: u64,
}

impl KeyCache {
    /// How many keys are kept.
    const MAX: usize = 512;

    fn get(&self, id: &str) -> Option<Arc<SigningKey>> {
        let mut kept = self.kept.lock();
        kept.uses += 1;
        let now = kept.uses;
        let (used, key) = kept.keys.get_mut(id)?;
        *used = now;
        Some(Arc::clone(key))
    }

    fn put(&self, id: &str, key: Arc<SigningKey>) {
        let mut kept = self.kept.lock();
        if kept.keys.len() >= Self::MAX {
            let oldest = kept
                .keys
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(id, _)| id.clone());
            oldest.and_then(|id| kept.keys.remove(&id));
        }
        kept.uses += 1;
        let now = kept.uses;
        kept.keys.insert(id.to_owned(), (now, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_forgets_what_was_used_longest_ago() {
        let cache = KeyCache::default();
        let key = Arc::new(SigningKey::parse(Algo::Hs256, b"jsk_").unwrap());
        for number in 0..KeyCache::MAX {
            cache.put(&number.to_string(), Arc::clone(&key));
        }
        assert!(cache.get("0").is_some());
        cache.put("new", Arc::clone(&key));
        assert!(cache.get("0").is_some());
        assert!(cache.get("1").is_none());
        assert!(cache.get("new").is_some());
        assert_eq!(cache.kept.lock().keys.len(), KeyCache::MAX);
    }
}
