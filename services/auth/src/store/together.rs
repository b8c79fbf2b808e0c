//! The questions that every request asks, asked together for all requests of a moment (docs/adr/0006-questions-asked-together.md).

use std::collections::HashMap;
use std::hash::Hash;

use gantry_db::{StoreError, Together};

use super::{ApiKeyRow, HostRow, MembershipRow, OrgRow, RealmRow, Store, UserRow};

/// A user's memberships in active orgs.
type Accounts = Vec<(MembershipRow, OrgRow)>;

/// Who waits for which question.
#[derive(Clone, Default)]
pub(super) struct Questions {
    hosts: Together<String, HostRow>,
    keys: Together<String, ApiKeyRow>,
    users: Together<String, UserRow>,
    realms: Together<String, RealmRow>,
    accounts: Together<AccountsOf, Accounts>,
}

/// Whose memberships, and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct AccountsOf {
    realm: String,
    user: String,
    now: i64,
}

/// A user of whom more memberships are asked for is asked for alone.
const FEW: i64 = 2;

impl Store {
    /// Finds the active realm that a host name serves, when it has an active client app.
    pub(crate) async fn find_host(&self, fqdn: String) -> Result<Option<HostRow>, StoreError> {
        let many = |store: Self, names| async move { Ok(by(store.find_hosts(names).await?, |row| row.fqdn.clone())) };
        let question = &self.questions.hosts;
        self.db.ask_together("find_host", question, self, fqdn, many).await
    }

    /// Finds a key that was not revoked, by its hash.
    pub(crate) async fn find_key(&self, key_hash: String) -> Result<Option<ApiKeyRow>, StoreError> {
        let many =
            |store: Self, hashes| async move { Ok(by(store.find_keys(hashes).await?, |row| row.key_hash.clone())) };
        let question = &self.questions.keys;
        self.db.ask_together("find_key", question, self, key_hash, many).await
    }

    /// Finds a user by id, with the realm's settings.
    pub(crate) async fn find_member(
        &self,
        realm: String,
        id: String,
    ) -> Result<Option<(UserRow, RealmRow)>, StoreError> {
        let users = |store: Self, ids| async move { Ok(by(store.find_users(ids).await?, |row| row.id.clone())) };
        let realms = |store: Self, ids| async move { Ok(by(store.find_realms(ids).await?, |row| row.id.clone())) };
        let asked = &self.questions;
        let (user, realm) = futures::try_join!(
            self.db.ask_together("find_user", &asked.users, self, id, users),
            self.db.ask_together("find_realm", &asked.realms, self, realm, realms),
        )?;
        // A user of another realm is nobody here (T-03).
        Ok(user.zip(realm).filter(|(user, realm)| user.realm_id == realm.id))
    }

    /// Lists a user's memberships in active orgs, earliest first.
    pub(crate) async fn list_accounts(
        &self,
        realm: String,
        user: String,
        now: i64,
        limit: i64,
    ) -> Result<Accounts, StoreError> {
        if limit > FEW {
            return self.list_accounts_of(realm, user, now, limit).await;
        }
        let many = |store: Self, asked| async move { store.accounts_of_all(asked).await };
        let key = AccountsOf { realm, user, now };
        let question = &self.questions.accounts;
        let found = self.db.ask_together("list_accounts", question, self, key, many).await?;
        let mut found = found.unwrap_or_default();
        found.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(found)
    }

    /// The first [`FEW`] of each. One statement with room for more than that of each; who did not fit in is asked for alone.
    async fn accounts_of_all(&self, asked: Vec<AccountsOf>) -> Result<HashMap<AccountsOf, Accounts>, StoreError> {
        let mut users: Vec<String> = asked.iter().map(|key| key.user.clone()).collect();
        users.sort_unstable();
        users.dedup();
        let earliest = asked.iter().map(|key| key.now).min().unwrap_or_default();
        let room = 64 + 2 * FEW * i64::try_from(users.len()).unwrap_or(0);
        let rows = self.list_accounts_together(users, earliest, room).await?;
        let cut_off = i64::try_from(rows.len()).is_ok_and(|length| length >= room);
        // In a statement that was cut off, only those before its last user are known to be told of in full.
        let last = rows.last().map(|(membership, _)| membership.user_id.clone());
        let mut by_user: HashMap<String, Accounts> = HashMap::new();
        for row in rows {
            by_user.entry(row.0.user_id.clone()).or_default().push(row);
        }
        let mut all = HashMap::new();
        for key in asked {
            let known = by_user.get(&key.user);
            let whole = !cut_off || (known.is_some() && last.as_ref() != Some(&key.user));
            let accounts = if whole {
                known.map(|rows| few(rows, &key)).unwrap_or_default()
            } else {
                self.list_accounts_of(key.realm.clone(), key.user.clone(), key.now, FEW)
                    .await?
            };
            all.insert(key, accounts);
        }
        Ok(all)
    }
}

/// The first of a user's memberships that are of the realm and live at the time.
fn few(rows: &Accounts, key: &AccountsOf) -> Accounts {
    let lives = |membership: &MembershipRow| membership.expires_at.is_none_or(|end| end > key.now);
    let own = rows
        .iter()
        .filter(|(membership, _)| membership.realm_id == key.realm && lives(membership));
    own.take(usize::try_from(FEW).unwrap_or(0)).cloned().collect()
}

fn by<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, V> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}
