//! Event: what happened, and who has been told.
//!
//! To add an rpc: write it in `proto/gantry/event/v2/event.proto` with its rule, then `rpc/<operation>.rs`, then one line below.

mod convert;
mod error;
mod rpc;
mod rules;
mod store;
mod watch;

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_db::Db;
use gantry_kernel::{Clock, Problem, Reason, Rng, Secret};
use gantry_proto::Permission;
use gantry_proto::event::v2::event_server::{self, EventServer};
use gantry_proto::event::v2::{
    AppendRequest, AppendResponse, EventList, EventRecord, GetEventRequest, ListEventsRequest, WatchRequest,
};
use gantry_proto::options::v1::Caller;
use gantry_rpc::{Call, Guard, Resolver, SessionState, Wire, guard, resolve_key};
use gantry_seal::EventTokens;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use store::{EventRow, Store};
use watch::{Hub, Responses};

pub use watch::Pace;

/// What the service needs.
pub struct Deps {
    /// The database, migrated.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// The way to Auth, which knows what API keys are worth.
    pub auth: Wire,
    /// The installation's secret, of which the keys of seals are derived; all processes share it.
    pub secret_key: [u8; 32],
    /// By which services in other processes know each other; without it they are not believed.
    pub cluster: Option<Secret>,
}

/// The service at work.
pub struct Started {
    /// To be served, or wired to the other services of this process.
    pub guard: Guard,
    /// The names by which health and reflection know it.
    pub names: &'static [&'static str],
    /// What it does in the background; it ends when told to stop.
    pub task: JoinHandle<()>,
}

/// Starts the service; its streams end, and what it does in the background, when `stop` says so.
pub fn start(deps: Deps, stop: CancellationToken) -> Started {
    start_at(deps, Pace::default(), stop)
}

/// Starts the service at a pace of one's own.
pub fn start_at(deps: Deps, pace: Pace, stop: CancellationToken) -> Started {
    let state = State {
        store: Store::new(deps.db),
        tokens: EventTokens::new(&deps.secret_key),
        hub: Hub::new(),
        clock: deps.clock,
        rng: deps.rng,
        pace,
        stop,
    };
    let (hub, store, told) = (state.hub.clone(), state.store.clone(), state.stop.clone());
    let task = gantry_telemetry::keep_at("watchers", state.stop.clone(), move || {
        hub.clone().run(store.clone(), pace.look, told.clone())
    });
    let routes = Routes::new(EventServer::new(Service(Arc::new(state))));
    Started {
        guard: guard(routes, Arc::new(Keys(deps.auth)), deps.cluster),
        names: &[event_server::SERVICE_NAME],
        task,
    }
}

/// What every rpc works with.
pub(crate) struct State {
    store: Store,
    tokens: EventTokens,
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    pace: Pace,
    stop: CancellationToken,
}

impl State {
    /// An event as this caller may see it: whoever may only read sees no token, since with it anybody could act.
    fn shown(&self, call: &Call, row: EventRow) -> EventRecord {
        let sealed = row.token_sealed.as_deref().filter(|_| call.may(Permission::Write));
        let token = sealed.and_then(|sealed| self.tokens.open(&row.id, sealed));
        convert::record(row, token)
    }
}

struct Service(Arc<State>);

#[tonic::async_trait]
impl event_server::Event for Service {
    type WatchStream = Responses;

    async fn list_events(&self, request: Request<ListEventsRequest>) -> Result<Response<EventList>, Status> {
        Ok(rpc::list_events::list_events(&self.0, request).await?)
    }

    async fn get_event(&self, request: Request<GetEventRequest>) -> Result<Response<EventRecord>, Status> {
        Ok(rpc::get_event::get_event(&self.0, request).await?)
    }

    async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<Responses>, Status> {
        Ok(rpc::watch::start(&self.0, request).await?)
    }

    async fn append(&self, request: Request<AppendRequest>) -> Result<Response<AppendResponse>, Status> {
        Ok(rpc::append::append(&self.0, request).await?)
    }
}

/// Asks Auth what a key is worth. Sessions open nothing here.
struct Keys(Wire);

impl Resolver for Keys {
    fn key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        resolve_key(&self.0, key).boxed()
    }

    fn session<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<SessionState, Problem>> {
        std::future::ready(Err(Reason::SessionInvalid.into())).boxed()
    }
}
