//! Auth: realms, users, credentials, orgs, memberships, client apps, domains, API keys.
//!
//! To add an rpc:
//! 1. write it in `proto/gantry/auth/v2/auth.proto` with its route and its rule (who may call it, how often, what success is);
//! 2. write `rpc/<operation>.rs` (proto in, rule, proto out) and name it in `rpc/mod.rs` and in the list of `service.rs`;
//! 3. what it decides goes to `rules/`, what it reads or writes to `store/queries/`;
//! 4. its tests go to `crates/gantry/tests/v2/<url>/<verb>.rs`, by URL, by actor, by rule.

mod carry_out;
pub mod certificates;
mod convert;
pub mod dns;
mod error;
mod external;
mod held;
mod on_request;
pub mod password;
mod rpc;
mod rules;
mod service;
mod setup;
#[cfg(test)]
mod stage;
mod store;
mod tasks;
mod wiping;

use std::sync::Arc;

use gantry_db::Db;
use gantry_egress::{Egress, Policy};
use gantry_kernel::{Clock, IdSource, Rng, Secret};
use gantry_limits::{Limit, Limiter};
use gantry_outbox::Relay;
use gantry_proto::auth::v2::auth_server::AuthServer;
use gantry_rpc::{Guard, Wire, guard};
use gantry_seal::{EventTokens, Vault};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

pub use setup::{KeyInfo, Setup};

use crate::rules::provider::Allowed;
use crate::rules::throttle::Throttle;
use crate::service::{Auth, Service};
use crate::store::Store;

/// Sets this service's keys apart from any other use of the installation's secret.
pub(crate) const LABEL: &str = "gantry-auth";
/// The largest message that Auth reads, in bytes.
const MESSAGE_MAX: usize = 256 * 1024;

/// What Auth stands on.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Ids.
    pub ids: IdSource,
    /// The way to Session.
    pub session: Wire,
    /// The way to Event.
    pub event: Wire,
    /// The installation's secret, of which the keys of seals are derived; all processes share it.
    pub secret_key: [u8; 32],
    /// What peers in other processes must know.
    pub cluster: Option<Secret>,
    /// How passwords are hashed.
    pub passwords: password::PasswordConfig,
    /// Where new passwords are looked for among stolen ones; nowhere without it.
    pub breached_range_url: Option<String>,
    /// Counts attempts.
    pub limiter: Limiter,
    /// Wrong passwords per account; `None` switches the limit off.
    pub password_limit: Option<Limit>,
    /// Mails that strangers may have sent to an account; `None` switches the limit off.
    pub mail_limit: Option<Limit>,
    /// What automatic host names end in.
    pub login_domain: String,
    /// Where names are looked up; `None` asks whom the system asks.
    pub dns_server: Option<std::net::SocketAddr>,
    /// Who gives certificates to custom domains; nobody without it.
    pub acme: Option<certificates::Acme>,
    /// Whether the provider type `dummy` exists, which lets anybody in.
    pub dummy_provider: bool,
    /// What may be called outside.
    pub egress: Policy,
    /// A word that no other process uses: marks this one's events in the outbox.
    pub holder: String,
    /// Where its numbers are shown; nowhere where nobody looks.
    pub metrics: Option<gantry_telemetry::Metrics>,
}

/// Auth at work.
pub struct Started {
    /// The guarded service.
    pub guard: Guard,
    /// The names that health answers to.
    pub names: &'static [&'static str],
    /// What the program does to Auth's data without a caller: root keys, the demo realm.
    pub setup: Setup,
    /// Its tasks: they end when told to stop, the relay when the outbox has been emptied.
    pub tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// Starts Auth.
///
/// # Errors
/// When the system gives no hashing threads.
pub fn start(deps: Deps, stop: CancellationToken) -> std::io::Result<Started> {
    let store = Store::new(deps.db, deps.holder.clone());
    let measuring = deps.metrics.as_ref().map(|shown| {
        let (store, clock) = (store.clone(), Arc::clone(&deps.clock));
        let waiting = move |limit| {
            let store = store.clone();
            async move { store.list_waiting(limit).await }
        };
        gantry_outbox::keep_measuring("auth", shown, clock, stop.clone(), waiting)
    });
    let relay = Relay::new(deps.holder);
    let running = relay.keep_running(store.clone(), deps.event.clone(), Arc::clone(&deps.clock), stop.clone());
    let discovery = external::Discovery::new(Egress::new(deps.egress.clone()), Arc::clone(&deps.clock));
    let auth = Auth {
        store,
        clock: deps.clock,
        passwords: password::Passwords::start(deps.passwords, Arc::clone(&deps.rng))?,
        breached: password::Breached::new(deps.breached_range_url, deps.egress.proxy.clone()),
        rng: deps.rng,
        ids: deps.ids,
        vault: Vault::new(&deps.secret_key, LABEL),
        event_tokens: EventTokens::new(&deps.secret_key),
        throttle: Throttle::new(deps.limiter, deps.password_limit, deps.mail_limit),
        session: deps.session,
        event: deps.event,
        relay,
        tasks: Arc::default(),
        login_domain: deps.login_domain.into(),
        dns: Arc::new(dns::Resolver::new(deps.dns_server)),
        certificates: certificates::Certificates::new(deps.acme),
        providers: Allowed {
            dummy: deps.dummy_provider,
            http: deps.egress.allow_http,
        },
        discovery,
    };
    let mut tasks = tasks::start(&auth, &stop);
    tasks.push(running);
    tasks.extend(measuring);
    let server = AuthServer::new(Service(auth.clone())).max_decoding_message_size(MESSAGE_MAX);
    Ok(Started {
        guard: guard(Routes::new(server), Arc::new(auth.clone()), deps.cluster),
        names: &["gantry.auth.v2.Auth"],
        setup: Setup::new(auth),
        tasks,
    })
}
