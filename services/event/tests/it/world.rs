//! What the tests stand on: the service on a database of its own, an Auth that knows the keys it is told, events to store.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_db::{Config, Db};
use gantry_event::{Deps, Pace, Started};
use gantry_kernel::{Clock, EventId, IdSource, ManualClock, RealmId, Reason, Secret, SeededRng};
use gantry_proto::auth::v2::{DescribeRealmRequest, DescribeRealmResponse, ResolveKeyRequest, ResolvedKey};
use gantry_proto::event::v2::event_client::EventClient;
use gantry_proto::event::v2::{AppendRequest, EventRecord, WatchRequest, WatchResponse};
use gantry_proto::{Access, Permission, options::v1::Caller};
use gantry_rpc::{CALLER, Guard, Wire, caller_header, from_status, to_status};
use gantry_testkit::db::{Backend, TestDb};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::{Request, Response, Status, Streaming};

/// The time at which the clock starts, in milliseconds.
pub(crate) const NOW: i64 = 1_700_000_000_000;
/// The cluster's secret.
pub(crate) const SECRET: [u8; 32] = [1; 32];
pub(crate) const CLUSTER_SECRET: &str = "services know each other by this";

/// A database with the service on it.
pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: IdSource,
    pub(crate) auth: FakeAuth,
    pub(crate) pace: Pace,
    pub(crate) retention_days: Option<u32>,
    pub(crate) stop: CancellationToken,
    _place: TestDb,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Backend::chosen()).await
    }

    /// On a kind of database, for tests of what only that can do.
    pub(crate) async fn on(backend: Backend) -> Self {
        let place = TestDb::from_template_on(backend, "gantry-event", async |url: String| {
            Db::open(&Config::new(url))?.migrate().await.map(drop)
        })
        .await;
        let clock = Arc::new(ManualClock::new(NOW));
        Self {
            db: Db::open(&Config::new(place.url())).unwrap(),
            ids: IdSource::new(clock.clone(), Arc::new(SeededRng::new(7))),
            clock,
            auth: FakeAuth::default(),
            pace: Pace::default(),
            retention_days: None,
            stop: CancellationToken::new(),
            _place: place,
        }
    }

    /// Starts the service; several on one database are what several processes are.
    pub(crate) fn start(&self) -> Started {
        let rng = Arc::new(SeededRng::new(8));
        let deps = Deps {
            secret_key: SECRET,
            db: self.db.clone(),
            clock: self.clock.clone(),
            ids: IdSource::new(self.clock.clone(), rng.clone()),
            rng,
            auth: self.auth.wire(),
            egress: gantry_egress::Policy::default(),
            mail: gantry_event::Mail::default(),
            retention_days: self.retention_days,
            metrics: None,
            cluster: Some(Secret::new(CLUSTER_SECRET)),
        };
        gantry_event::start(deps, self.pace, self.stop.clone())
    }

    /// A client that calls as one of this installation's services.
    pub(crate) fn service(&self) -> Client {
        let wire = Wire::local(self.start().guard);
        Client {
            rpc: EventClient::new(wire.clone()),
            wire,
        }
    }

    pub(crate) fn realm(&self) -> RealmId {
        self.ids.id()
    }

    /// A new event, made now.
    pub(crate) fn event(&self, realm: &RealmId, event_type: &str) -> EventRecord {
        EventRecord {
            id: self.ids.id::<EventId>().into_string(),
            realm_id: realm.as_str().to_owned(),
            event_type: event_type.to_owned(),
            event_at: self.clock.now_ms() as f64 / 1000.0,
            ..EventRecord::default()
        }
    }

    /// So many events.
    pub(crate) fn events(&self, realm: &RealmId, count: usize) -> Vec<EventRecord> {
        (0..count).map(|_| self.event(realm, "user.updated")).collect()
    }
}

/// A client that calls as a service, or for a key that a gateway has read.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) rpc: EventClient<Wire>,
    pub(crate) wire: Wire,
}

impl Client {
    pub(crate) async fn append(&self, events: &[EventRecord]) -> u32 {
        let events = events.to_vec();
        self.rpc
            .clone()
            .append(AppendRequest { events })
            .await
            .unwrap()
            .into_inner()
            .stored
    }

    pub(crate) async fn watch(&self, realm: &RealmId, cursor: &str) -> Watcher {
        self.watch_types(realm, cursor, &[]).await
    }

    pub(crate) async fn watch_types(&self, realm: &RealmId, cursor: &str, types: &[&str]) -> Watcher {
        self.try_watch(realm, cursor, types).await.unwrap()
    }

    pub(crate) async fn try_watch(&self, realm: &RealmId, cursor: &str, types: &[&str]) -> Result<Watcher, Reason> {
        let asked = WatchRequest {
            cursor: cursor.to_owned(),
            realm_id: Some(realm.as_str().to_owned()),
            event_type: types.iter().map(|name| (*name).to_owned()).collect(),
            ..WatchRequest::default()
        };
        match self.rpc.clone().watch(as_key(asked, Permission::Read, "")).await {
            Ok(stream) => Ok(Watcher(stream.into_inner())),
            Err(status) => Err(from_status(&status).reason),
        }
    }
}

/// A stream that is read with a bound on patience, so that a test of what does not come fails instead of hanging.
pub(crate) struct Watcher(Streaming<WatchResponse>);

impl Watcher {
    pub(crate) async fn next(&mut self) -> Result<Option<WatchResponse>, Status> {
        in_time(self.0.message()).await
    }

    /// The next response.
    pub(crate) async fn response(&mut self) -> WatchResponse {
        self.next().await.unwrap().unwrap()
    }

    /// The next events with their cursors, past responses that carry none.
    pub(crate) async fn take(&mut self, count: usize) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        while taken.len() < count {
            let response = self.response().await;
            taken.extend(response.event.map(|event| (response.cursor, event.id)));
        }
        taken
    }
}

/// Waits, but not for ever.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), work)
        .await
        .expect("it should have come by now")
}

/// A request as the gateway sends it for a key; `lock` is the realm that the key is locked to.
pub(crate) fn as_key<T>(message: T, permission: Permission, lock: &str) -> Request<T> {
    let caller = Caller {
        access: Access::Key as i32,
        permission: permission as i32,
        key_id: "ks_0000000000000000000001".to_owned(),
        realm_id: lock.to_owned(),
        key_realm_id: lock.to_owned(),
        ..Caller::default()
    };
    let mut request = Request::new(message);
    let mut headers = request.metadata().clone().into_headers();
    headers.insert(CALLER, caller_header(&caller));
    *request.metadata_mut() = tonic::metadata::MetadataMap::from_headers(headers);
    request
}

/// A client from outside: no gateway speaks for it.
pub(crate) fn stranger(started: &Started) -> EventClient<Guard> {
    EventClient::new(started.guard.clone())
}

/// A request with an API key.
pub(crate) fn with_key<T>(message: T, key: &str) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("authrocket-api-key", key.parse().unwrap());
    request
}

/// An Auth that knows only keys.
#[derive(Clone, Default)]
pub(crate) struct FakeAuth {
    keys: Arc<Mutex<HashMap<String, ResolvedKey>>>,
    away: Arc<AtomicBool>,
    asked: watch::Sender<u32>,
}

impl FakeAuth {
    /// Makes a key known; `lock` is the realm that it is locked to.
    pub(crate) fn add(&self, key: &str, permission: Permission, lock: &str) {
        let resolved = ResolvedKey {
            key_id: "ks_0000000000000000000001".to_owned(),
            permission: permission as i32,
            realm_id: lock.to_owned(),
        };
        self.keys.lock().insert(key.to_owned(), resolved);
    }

    pub(crate) fn revoke(&self, key: &str) {
        self.keys.lock().remove(key);
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// Waits until it was asked so many times.
    pub(crate) async fn asked(&self, times: u32) {
        let mut asked = self.asked.subscribe();
        drop(in_time(asked.wait_for(|asked| *asked >= times)).await.unwrap());
    }

    fn wire(&self) -> Wire {
        let this = self.clone();
        Wire::local(tower::service_fn(move |request: http::Request<Body>| {
            let this = this.clone();
            async move {
                if request.uri().path() == "/gantry.auth.v2.Auth/DescribeRealm" {
                    let codec = tonic_prost::ProstCodec::<DescribeRealmResponse, DescribeRealmRequest>::default();
                    return Ok(tonic::server::Grpc::new(codec).unary(this, request).await);
                }
                assert_eq!(request.uri().path(), "/gantry.auth.v2.Auth/ResolveKey");
                let codec = tonic_prost::ProstCodec::<ResolvedKey, ResolveKeyRequest>::default();
                Ok::<_, Infallible>(tonic::server::Grpc::new(codec).unary(this, request).await)
            }
        }))
    }
}

/// Every realm is there.
impl tonic::server::UnaryService<DescribeRealmRequest> for FakeAuth {
    type Response = DescribeRealmResponse;
    type Future = BoxFuture<'static, Result<Response<DescribeRealmResponse>, Status>>;

    fn call(&mut self, _: Request<DescribeRealmRequest>) -> Self::Future {
        std::future::ready(Ok(Response::new(DescribeRealmResponse::default()))).boxed()
    }
}

impl tonic::server::UnaryService<ResolveKeyRequest> for FakeAuth {
    type Response = ResolvedKey;
    type Future = BoxFuture<'static, Result<Response<ResolvedKey>, Status>>;

    fn call(&mut self, request: Request<ResolveKeyRequest>) -> Self::Future {
        self.asked.send_modify(|asked| *asked += 1);
        let answer = if self.away.load(Ordering::SeqCst) {
            Err(Reason::Unavailable)
        } else {
            let keys = self.keys.lock();
            keys.get(&request.into_inner().key).cloned().ok_or(Reason::KeyWrong)
        };
        let answer = answer.map(Response::new).map_err(|reason| to_status(&reason.into()));
        std::future::ready(answer).boxed()
    }
}
