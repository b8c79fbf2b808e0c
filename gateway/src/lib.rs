//! JSON /v2/ to gRPC and back; cannot see a database.
//!
//! A request passes [`layers`] (its id, its span, its bounds), is matched by [`routes`] against the table that `build.rs` made from
//! the contract, and is then handled in one place for all routes: [`caller`] finds out who calls and for which realm,
//! [`limits`] decides before the body is read, [`transcode`] turns it into the message, and [`errors`] builds whatever is not a
//! success. A new rpc needs no line here.

mod asked;
pub mod caller;
pub mod client_ip;
pub mod config;
pub mod cors;
mod docs;
pub mod errors;
pub mod handle;
pub mod layers;
pub mod limits;
pub mod locale;
pub mod negotiate;
pub mod quirks;
mod remember;
pub mod routes;
pub mod serve;
pub mod stored;
mod stream;
pub mod tls;
pub mod transcode;
mod v1;

use std::sync::Arc;

use futures::future::BoxFuture;
use gantry_kernel::{Clock, IdSource, Rng};
use gantry_limits::Limiter;
use gantry_rpc::Wire;
use tokio_util::sync::CancellationToken;

use caller::HostHints;
pub use config::{Config, LimitOverride};
use remember::Remembered;

/// Tells whether the services behind may be sent work; the text says what is missing.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The ways to the services.
#[derive(Debug, Clone)]
pub struct Wires {
    /// To Auth.
    pub auth: Wire,
    /// To Session.
    pub session: Wire,
    /// To Event.
    pub event: Wire,
}

/// What the gateway stands on.
pub struct Deps {
    /// The ways to the services.
    pub wires: Wires,
    /// Counts requests; `None` switches every limit off.
    pub limiter: Option<Limiter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for request ids.
    pub rng: Arc<dyn Rng>,
    /// What `GET /health/ready` asks.
    pub ready: Readiness,
    /// Settings.
    pub config: Config,
    /// Ends what would go on for ever, when the gateway stops.
    pub stop: CancellationToken,
}

/// What every request is handled with.
#[derive(Clone)]
pub(crate) struct Gateway(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) wires: Wires,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: IdSource,
    pub(crate) ready: Readiness,
    pub(crate) config: Config,
    pub(crate) hosts: HostHints,
    pub(crate) remembered: Remembered,
    pub(crate) stop: CancellationToken,
}

impl std::ops::Deref for Gateway {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The whole gateway, ready to be served.
pub fn router(deps: Deps) -> axum::Router {
    let ids = IdSource::new(Arc::clone(&deps.clock), deps.rng);
    let remembered = Remembered::new(deps.config.remembered_bytes);
    let gateway = Gateway(Arc::new(Inner {
        wires: deps.wires,
        limiter: deps.limiter,
        clock: deps.clock,
        ids,
        ready: deps.ready,
        config: deps.config,
        hosts: HostHints::default(),
        remembered,
        stop: deps.stop,
    }));
    layers::around(routes::mounted(gateway.clone()), gateway)
}
