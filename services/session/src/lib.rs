//! Session: sessions, signing keys, tokens, JWKS. Is this login still good, and here is a token that says so.
//!
//! To add an rpc: write it in `proto/gantry/session/v2/session.proto`, then its file in `rpc/` and its line in `rpc/mod.rs`.
//! What it may decide goes to `rules/`, what it asks the database to `store/queries/`.

mod auth;
mod convert;
mod ending;
mod error;
mod keys;
mod oauth;
mod opening;
mod realm;
mod resolver;
mod rotation;
mod rpc;
mod rules;
mod state;
mod store;
mod tasks;
mod tokens;

use std::sync::Arc;

use gantry_kernel::{Clock, IdSource, Rng, Secret, base62};
use gantry_outbox::Relay;
use gantry_proto::session::v2::session_server::SessionServer;
use gantry_rpc::{Guard, Wire};
use gantry_seal::{Purpose, Vault};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use zeroize::Zeroizing;

use crate::rules::SessionKeys;
use crate::state::{Parts, State};
use crate::store::Store;

/// Sets this service's keys apart from any other use of the installation's secret.
pub(crate) const LABEL: &str = "gantry-session";
/// Seals the secret half of a signing key.
pub(crate) const SIGNING_KEY: Purpose = Purpose::new("signing key");
/// Seals the token last built for a session.
pub(crate) const TOKEN: Purpose = Purpose::new("token");
/// The names under which health is told.
const NAMES: &[&str] = &["gantry.session.v2.Session"];

/// What can be settled about Session.
#[derive(Debug, Clone)]
pub struct Config {
    /// The `iss` of tokens. The published clients insist on the default.
    pub issuer: String,
    /// How many RSA keys are kept ready: making one takes long, and nobody should wait for it.
    pub stock: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            issuer: "https://authrocket.com".to_owned(),
            stock: 4,
        }
    }
}

/// What Session needs.
pub struct Deps {
    /// The database, migrated.
    pub db: gantry_db::Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Ids.
    pub ids: IdSource,
    /// The way to Auth.
    pub auth: Wire,
    /// The way to Event.
    pub event: Wire,
    /// The installation's secret, of which the keys of session keys and seals are derived. All processes share it; with
    /// another one no session opens and no signing key can be read.
    pub secret_key: [u8; 32],
    /// By which services in other processes know each other.
    pub cluster: Option<Secret>,
    /// What can be settled.
    pub config: Config,
    /// Where its numbers are shown; nowhere where nobody looks.
    pub metrics: Option<gantry_telemetry::Metrics>,
}

/// Session, at work.
pub struct Started {
    /// The service behind its guard.
    pub guard: Guard,
    /// The names under which health is told.
    pub names: &'static [&'static str],
    /// Its tasks: they end when told to stop.
    pub tasks: Vec<JoinHandle<()>>,
}

/// Starts Session; must be called on a runtime.
pub fn start(deps: Deps, stop: CancellationToken) -> Started {
    let secret = Zeroizing::new(deps.secret_key);
    let holder = base62::encode(deps.rng.u128());
    let stock = deps.config.stock;
    let state = State::new(Parts {
        store: Store::new(deps.db),
        clock: deps.clock,
        rng: deps.rng,
        ids: deps.ids,
        auth: deps.auth,
        session_keys: SessionKeys::new(&secret),
        vault: Vault::new(&secret, LABEL),
        key_cache: keys::KeyCache::default(),
        relay: Relay::new(holder),
        refill: tokio::sync::Notify::new(),
        issuer: deps.config.issuer,
    });
    let relay = state
        .relay
        .keep_running(state.store.clone(), deps.event, Arc::clone(&state.clock), stop.clone());
    let mut tasks = tasks::start(&state, stock, &stop);
    tasks.push(relay);
    if let Some(shown) = &deps.metrics {
        let (store, clock) = (state.store.clone(), Arc::clone(&state.clock));
        let waiting = move |limit| {
            let store = store.clone();
            async move { store.list_waiting(limit).await }
        };
        tasks.push(gantry_outbox::keep_measuring(
            "session",
            shown,
            clock,
            stop.clone(),
            waiting,
        ));
    }
    let routes = Routes::new(SessionServer::new(state.clone()));
    Started {
        guard: gantry_rpc::guard(routes, Arc::new(state), deps.cluster),
        names: NAMES,
        tasks,
    }
}
