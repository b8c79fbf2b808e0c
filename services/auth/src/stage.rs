//! What tests of rules stand on: Auth with a realm, on a database of its own.

use std::sync::Arc;

use gantry_db::{Config, Db, JsonText};
use gantry_egress::{Egress, Policy};
use gantry_kernel::{Clock, IdSource, ManualClock, MembershipId, OrgId, ProviderId, RealmId, Secret};
use gantry_kernel::{SeededRng, UserId};
use gantry_limits::{Limit, Limiter, OnOutage};
use gantry_outbox::{NewEvent, Relay};
use gantry_rpc::Wire;
use gantry_seal::{EventTokens, Vault};
use gantry_testkit::db::{Backend, TestDb};

use crate::password::{Cost, PasswordConfig, Passwords};
use crate::rules::password::PasswordRules;
use crate::rules::throttle::Throttle;
use crate::rules::{credential, org, provider, realm, user};
use crate::service::Auth;
use crate::store::{CredentialRow, MembershipRow, OrgRow, RealmPatch, Store, UserRow};

/// The time at which the clock starts, in milliseconds.
pub(crate) const NOW: i64 = 1_700_000_000_000;
/// Wrong passwords that an account may have in the window.
pub(crate) const TRIES: u32 = 3;

/// Auth with a realm.
pub(crate) struct Stage {
    pub(crate) auth: Auth,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) realm: RealmId,
    place: TestDb,
}

impl Stage {
    /// Makes the database, and a realm with its defaults in it.
    pub(crate) async fn new() -> Self {
        Self::on(Backend::chosen()).await
    }

    /// The same on a database of a kind.
    pub(crate) async fn on(backend: Backend) -> Self {
        let place = TestDb::from_template_on(backend, "gantry-auth", async |url: String| {
            Db::open(&Config::new(url))?.migrate().await.map(drop)
        })
        .await;
        let clock = Arc::new(ManualClock::new(NOW));
        let rng = Arc::new(SeededRng::new(1));
        let cost = Cost {
            memory_kib: 64,
            iterations: 1,
            parallelism: 1,
        };
        let config = PasswordConfig {
            cost,
            threads: 1,
            queue: 64,
        };
        let limit = |name: &str| Limit {
            name: name.to_owned(),
            max: TRIES,
            window_ms: 300_000,
            on_outage: OnOutage::Memory,
        };
        let auth = Auth {
            store: Store::new(Db::open(&Config::new(place.url())).unwrap(), "test".to_owned()),
            clock: clock.clone(),
            rng: rng.clone(),
            ids: IdSource::new(clock.clone(), rng.clone()),
            providers: provider::Allowed::default(),
            discovery: crate::external::Discovery::new(Egress::new(Policy::default()), clock.clone()),
            vault: Vault::new(&[1; 32], crate::LABEL),
            event_tokens: EventTokens::new(&[1; 32]),
            passwords: Passwords::start(config, rng).unwrap(),
            breached: crate::password::Breached::new(None, None),
            throttle: Throttle::new(
                Limiter::memory(clock.clone()),
                Some(limit("password")),
                Some(limit("mail")),
            ),
            session: Wire::later().0,
            event: Wire::later().0,
            relay: Relay::new("test"),
            tasks: Arc::default(),
            login_domain: "localhost".into(),
            dns: Arc::new(crate::dns::Resolver::new(None)),
            certificates: crate::certificates::Certificates::default(),
        };
        let realm = auth.ids.id();
        let providers = [(); 2].map(|()| auth.ids.id::<ProviderId>());
        let rows = provider::of_fresh_realm(&realm, providers, NOW);
        auth.store.add_realm(realm::fresh(&realm, NOW), rows).await.unwrap();
        Self {
            auth,
            clock,
            realm,
            place,
        }
    }

    /// The same database, as another process has it open.
    pub(crate) fn other_db(&self) -> Db {
        Db::open(&Config::new(self.place.url())).unwrap()
    }

    /// Changes the realm's settings.
    pub(crate) async fn set_realm(&self, patch: RealmPatch) {
        let id = self.realm.as_str().to_owned();
        assert!(self.auth.store.set_realm(id, patch).await.unwrap().is_some());
    }

    /// Adds a user; no password means no credential.
    pub(crate) async fn user(&self, email: &str, password: Option<&str>) -> UserRow {
        self.user_as(email, password, "active").await
    }

    /// Adds a user in a state.
    pub(crate) async fn user_as(&self, email: &str, password: Option<&str>, state: &str) -> UserRow {
        let input = user::Input {
            email: Some(email.to_owned()),
            state: Some(state.to_owned()),
            ..user::Input::default()
        };
        let id: UserId = self.auth.ids.id();
        let row = user::new(input, &id, &self.realm, &PasswordRules::default(), NOW)
            .unwrap()
            .row;
        let credential = match password {
            None => None,
            Some(password) => Some(self.credential(&row, password).await),
        };
        let store = &self.auth.store;
        store
            .add_user(row.clone(), credential, "test".to_owned(), Vec::new())
            .await
            .unwrap();
        row
    }

    async fn credential(&self, user: &UserRow, password: &str) -> CredentialRow {
        let provider = self
            .auth
            .store
            .find_provider(user.realm_id.clone(), "password".to_owned());
        let provider = provider.await.unwrap().unwrap();
        let hash = self.auth.passwords.hash(Secret::new(password)).await.unwrap();
        credential::row(&self.auth.ids, &user.id, &provider, hash, NOW)
    }

    /// Adds an org in a state, with a user in it until some time.
    pub(crate) async fn org_of(&self, user: &UserRow, state: &str, expires_at: Option<i64>) -> OrgRow {
        let org = OrgRow {
            state: state.to_owned(),
            reference: Some("their-7".to_owned()),
            ..org::named("Acme", &self.auth.ids.id::<OrgId>(), &self.realm, NOW)
        };
        let membership = MembershipRow {
            id: self.auth.ids.id::<MembershipId>().into_string(),
            realm_id: org.realm_id.clone(),
            org_id: org.id.clone(),
            user_id: user.id.clone(),
            permissions: JsonText::strings(&["ar:owner"]),
            expires_at,
            created_at: NOW,
            updated_at: NOW,
        };
        let store = &self.auth.store;
        store.add_org(org.clone(), "test".to_owned(), Vec::new()).await.unwrap();
        store
            .add_membership(membership, self.auth.ids.clone(), "test".to_owned(), Vec::new())
            .await
            .unwrap();
        org
    }

    /// The events that wait in the outbox.
    pub(crate) async fn events(&self) -> Vec<NewEvent> {
        let before = self.clock.now_ms();
        let pending = self.auth.store.list_pending("test".to_owned(), before, 1000);
        pending.await.unwrap()
    }
}
