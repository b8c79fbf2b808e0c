//! What the program itself does to Auth's data, without a caller: root keys.

use std::sync::Arc;

use gantry_kernel::{Clock, IdSource, KeyId, Rng, Secret, SystemClock, SystemRng};

use crate::rules::key;
use crate::service::Auth;
use crate::store::{ApiKeyRow, Store};

/// The program's own hand in Auth.
#[derive(Clone)]
pub struct Setup {
    store: Store,
    ids: IdSource,
    rng: Arc<dyn Rng>,
    clock: Arc<dyn Clock>,
}

/// An API key as an operator sees it: never the key itself.
#[derive(Debug, Clone)]
pub struct KeyInfo {
    /// The public part.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// read, write or manage.
    pub permission: String,
    /// The realm it is locked to.
    pub realm_id: Option<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

impl Setup {
    pub(crate) fn new(auth: Auth) -> Self {
        Self {
            store: auth.store,
            ids: auth.ids,
            rng: auth.rng,
            clock: auth.clock,
        }
    }

    /// The same without a running Auth, for commands that only look after keys.
    pub fn of_database(db: gantry_db::Db) -> Self {
        let (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>) = (Arc::new(SystemClock::new()), Arc::new(SystemRng));
        let ids = IdSource::new(Arc::clone(&clock), Arc::clone(&rng));
        // It changes nothing that makes events.
        Self {
            store: Store::new(db, "setup".to_owned()),
            ids,
            rng,
            clock,
        }
    }

    /// Makes an API key; the text is shown here and nowhere else.
    ///
    /// # Errors
    /// When the database is away, or there is no such realm.
    pub async fn create_key(
        &self,
        name: &str,
        permission: &str,
        realm_id: Option<String>,
    ) -> Result<(KeyId, Secret), gantry_db::StoreError> {
        let (id, secret) = key::fresh(&self.ids, &*self.rng);
        self.add(id.as_str(), &secret, name, permission, realm_id).await?;
        Ok((id, secret))
    }

    /// Installs an account-wide manage key that the operator chose; one that is there already stays.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn install_root_key(&self, secret: &Secret) -> Result<bool, gantry_db::StoreError> {
        let id: KeyId = self.ids.id();
        self.add(id.as_str(), secret, "root", "manage", None).await
    }

    /// Lists the keys, oldest first, at most a thousand.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn list_keys(&self) -> Result<Vec<KeyInfo>, gantry_db::StoreError> {
        let info = |row: ApiKeyRow| KeyInfo {
            id: row.id,
            name: row.name,
            permission: row.permission,
            realm_id: row.realm_id,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        };
        Ok(self.store.list_keys(1000).await?.into_iter().map(info).collect())
    }

    /// Revokes a key; it is refused from the next call on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn revoke_key(&self, id: &str) -> Result<bool, gantry_db::StoreError> {
        self.store.end_key(id.to_owned(), self.clock.now_ms()).await
    }

    async fn add(
        &self,
        id: &str,
        secret: &Secret,
        name: &str,
        permission: &str,
        realm_id: Option<String>,
    ) -> Result<bool, gantry_db::StoreError> {
        let row = ApiKeyRow {
            id: id.to_owned(),
            key_hash: key::digest(secret.expose()),
            name: name.to_owned(),
            permission: permission.to_owned(),
            realm_id,
            created_at: self.clock.now_ms(),
            revoked_at: None,
        };
        self.store.add_key(row).await
    }
}
