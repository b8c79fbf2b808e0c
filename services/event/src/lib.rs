//! Event: what happened, and who has been told.
//!
//! To add an rpc: write it in `proto/gantry/event/v2/event.proto` with its rule, then `rpc/<operation>.rs`, then one line below.

mod convert;
mod deliver;
mod error;
mod lanes;
pub mod operator;
mod realm;
mod retain;
mod rpc;
mod rules;
mod sealed;
mod store;
mod watch;

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_db::Db;
use gantry_egress::Egress;
use gantry_kernel::{Clock, IdSource, Problem, Reason, Rng, Secret};
use gantry_proto::Permission;
use gantry_proto::event::v2 as wire;
use gantry_proto::event::v2::event_server::{self, EventServer};
use gantry_proto::event::v2::{EventRecord, ExportEventsRequest, WatchRequest};
use gantry_proto::options::v1::Caller;
use gantry_rpc::{Call, Guard, Resolver, SessionState, Wire, guard, resolve_key};
use gantry_seal::{EventTokens, Vault};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use store::{EventRow, Store};
use watch::{Hub, Responses};

pub use deliver::{Mail, Preview, Previewed, Smtp, Tls};
pub use watch::Pace;

/// Sets this service's keys apart from any other use of the installation's secret.
const LABEL: &str = "gantry-event";

/// What the service needs.
pub struct Deps {
    /// The database, migrated.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Ids in the order of their making.
    pub ids: IdSource,
    /// The way to Auth, which knows what API keys are worth.
    pub auth: Wire,
    /// The installation's secret, of which the keys of seals are derived; all processes share it.
    pub secret_key: [u8; 32],
    /// What webhooks may reach.
    pub egress: gantry_egress::Policy,
    /// Who sends mail.
    pub mail: Mail,
    /// How many days events are kept where the realm says nothing; `None` is for ever.
    pub retention_days: Option<u32>,
    /// Where its numbers are shown; nowhere where nobody looks.
    pub metrics: Option<gantry_telemetry::Metrics>,
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
    pub tasks: Vec<JoinHandle<()>>,
}

/// Starts the service at a pace; its streams end, and what it does in the background, when `stop` says so.
pub fn start(deps: Deps, pace: Pace, stop: CancellationToken) -> Started {
    let state = State {
        store: Store::new(deps.db),
        tokens: EventTokens::new(&deps.secret_key),
        hub: Hub::new(),
        ids: deps.ids,
        vault: Vault::new(&deps.secret_key, LABEL),
        auth: deps.auth.clone(),
        egress: Egress::new(deps.egress),
        mail: deps.mail,
        deliveries: Arc::default(),
        retention_days: deps.retention_days,
        sweeps: Arc::default(),
        metrics: deliver::Metrics::new(deps.metrics.as_ref()),
        clock: deps.clock,
        rng: deps.rng,
        pace,
        stop,
    };
    let (hub, store, told) = (state.hub.clone(), state.store.clone(), state.stop.clone());
    let watching = gantry_telemetry::keep_at("watchers", state.stop.clone(), move || {
        hub.clone().run(store.clone(), pace.look, told.clone())
    });
    let state = Arc::new(state);
    let working = Arc::clone(&state);
    let delivering = gantry_telemetry::keep_at("deliveries", state.stop.clone(), move || {
        deliver::run(Arc::clone(&working))
    });
    let keeping = Arc::clone(&state);
    let sweeping = gantry_telemetry::keep_at("retention", state.stop.clone(), move || {
        let state = Arc::clone(&keeping);
        async move {
            let (wake, stop) = (Arc::clone(&state.sweeps), state.stop.clone());
            gantry_telemetry::part_by_part(pace.sweep, &wake, &stop, || retain::round(&state)).await;
        }
    });
    let mut tasks = vec![watching, delivering, sweeping];
    if deps.metrics.is_some() {
        let measured = Arc::clone(&state);
        tasks.push(gantry_telemetry::keep_at("queue", state.stop.clone(), move || {
            deliver::measure(Arc::clone(&measured))
        }));
    }
    let routes = Routes::new(EventServer::new(Service(state)));
    Started {
        guard: guard(routes, Arc::new(Keys(deps.auth)), deps.cluster),
        names: &[event_server::SERVICE_NAME],
        tasks,
    }
}

/// What every rpc works with.
pub(crate) struct State {
    store: Store,
    tokens: EventTokens,
    hub: Arc<Hub>,
    ids: IdSource,
    vault: Vault,
    auth: Wire,
    egress: Egress,
    mail: Mail,
    /// Wakes who delivers, when there may be something to.
    deliveries: Arc<Notify>,
    retention_days: Option<u32>,
    /// Wakes who removes what is over, when a realm chose anew.
    sweeps: Arc<Notify>,
    metrics: deliver::Metrics,
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

    /// Now, or a moment after a time that is not over by this process's clock: each change of a row has a time of its own.
    pub(crate) fn later_than(&self, ms: i64) -> i64 {
        self.clock.now_ms().max(ms.saturating_add(1))
    }
}

struct Service(Arc<State>);

macro_rules! rpcs {
    ($( $name:ident($request:ident) -> $answer:ident; )*) => {
        #[tonic::async_trait]
        impl event_server::Event for Service {
            type WatchStream = Responses;
            type ExportEventsStream = rpc::export_events::Exported;

            async fn export_events(
                &self,
                request: Request<ExportEventsRequest>,
            ) -> Result<Response<Self::ExportEventsStream>, Status> {
                Ok(rpc::export_events::start(&self.0, request).await?)
            }

            async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<Responses>, Status> {
                Ok(rpc::watch::start(&self.0, request).await?)
            }

            $(
                async fn $name(&self, request: Request<wire::$request>) -> Result<Response<wire::$answer>, Status> {
                    Ok(rpc::$name::$name(&self.0, request).await?)
                }
            )*
        }
    };
}

rpcs! {
    list_events(ListEventsRequest) -> EventList;
    get_event(GetEventRequest) -> EventRecord;
    get_event_retention(GetEventRetentionRequest) -> EventRetention;
    update_event_retention(UpdateEventRetentionRequest) -> EventRetention;
    append(AppendRequest) -> AppendResponse;
    wipe_realm(WipeRealmRequest) -> WipeRealmResponse;
    list_hooks(ListHooksRequest) -> HookList;
    get_hook(GetHookRequest) -> Hook;
    create_hook(CreateHookRequest) -> Hook;
    update_hook(UpdateHookRequest) -> Hook;
    delete_hook(DeleteHookRequest) -> Hook;
    ping_hook(PingHookRequest) -> Notification;
    rotate_hook_secret(RotateHookSecretRequest) -> Hook;
    list_notifications(ListNotificationsRequest) -> NotificationList;
    get_notification(GetNotificationRequest) -> Notification;
    replay_notification(ReplayNotificationRequest) -> Notification;
    create_replay(CreateReplayRequest) -> Replay;
    list_smtp_providers(ListSmtpProvidersRequest) -> SmtpProviderList;
    get_smtp_provider(GetSmtpProviderRequest) -> SmtpProvider;
    create_smtp_provider(CreateSmtpProviderRequest) -> SmtpProvider;
    update_smtp_provider(UpdateSmtpProviderRequest) -> SmtpProvider;
    delete_smtp_provider(DeleteSmtpProviderRequest) -> SmtpProvider;
    list_mailing_list_providers(ListMailingListProvidersRequest) -> MailingListProviderList;
    get_mailing_list_provider(GetMailingListProviderRequest) -> MailingListProvider;
    create_mailing_list_provider(CreateMailingListProviderRequest) -> MailingListProvider;
    update_mailing_list_provider(UpdateMailingListProviderRequest) -> MailingListProvider;
    delete_mailing_list_provider(DeleteMailingListProviderRequest) -> MailingListProvider;
    list_mailing_list_subscriptions(ListMailingListSubscriptionsRequest) -> MailingListSubscriptionList;
    get_mailing_list_subscription(GetMailingListSubscriptionRequest) -> MailingListSubscription;
    create_mailing_list_subscription(CreateMailingListSubscriptionRequest) -> MailingListSubscription;
    update_mailing_list_subscription(UpdateMailingListSubscriptionRequest) -> MailingListSubscription;
    delete_mailing_list_subscription(DeleteMailingListSubscriptionRequest) -> MailingListSubscription;
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
