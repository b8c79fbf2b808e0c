//! What the program itself does to Auth's data, without a caller: root keys.

use gantry_kernel::{KeyId, Secret};

use crate::rules::key;
use crate::service::Auth;
use crate::store::ApiKeyRow;

/// The program's own hand in Auth.
#[derive(Clone)]
pub struct Setup(Auth);

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
        Self(auth)
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
        let (id, secret) = key::fresh(&self.0.ids, &*self.0.rng);
        self.add(id.as_str(), &secret, name, permission, realm_id).await?;
        Ok((id, secret))
    }

    /// Installs an account-wide manage key that the operator chose; one that is there already stays.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn install_root_key(&self, secret: &Secret) -> Result<bool, gantry_db::StoreError> {
        let id: KeyId = self.0.ids.id();
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
        Ok(self.0.store.list_keys(1000).await?.into_iter().map(info).collect())
    }

    /// Revokes a key; it is refused from the next call on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn revoke_key(&self, id: &str) -> Result<bool, gantry_db::StoreError> {
        self.0.store.end_key(id.to_owned(), self.0.clock.now_ms()).await
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
            created_at: self.0.clock.now_ms(),
            revoked_at: None,
        };
        self.0.store.add_key(row).await
    }
}
