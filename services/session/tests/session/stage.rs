//! A Session of one's own for each test: database, clock, Auth and Event, and the callers that tests are about.

use std::sync::Arc;
use std::time::Duration;

use gantry_db::{Db, StoreError};
use gantry_kernel::{Id, IdSource, ManualClock, Problem, RealmId, Secret, SeededRng, UserId};
use gantry_proto::event::v2::EventRecord;
use gantry_proto::options::v1::{Caller, RequestInfo};
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{
    GetLoginSessionRequest, LoginProfile, LoginResult, OpenSessionRequest, OrgClaim, ProvideKeyRequest, SessionRecord,
};
use gantry_proto::{Access, Permission};
use gantry_rpc::{Guard, Wire, from_status};
use gantry_session::{Config, Deps, Started};
use gantry_testkit::db::TestDb;
use prost::Message;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataValue;

use super::outside::{Auth, Event};

/// When tests begin, in milliseconds; not on a whole second, as in life.
pub(crate) const START: i64 = 1_800_000_000_250;
/// The same in seconds.
pub(crate) const START_S: i64 = 1_800_000_000;
/// By which tests pass for another process of the installation.
const CLUSTER: &str = "cluster-secret";
/// The request that every call of a test belongs to.
pub(crate) const REQUEST_ID: &str = "rq_0vdbINw16QhITBp4iBhgX4";
/// The installation's secret.
pub(crate) const SECRET: [u8; 32] = [42; 32];

/// A Session and its surroundings.
pub(crate) struct Stage {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) auth: Auth,
    pub(crate) db: Db,
    events: Mutex<UnboundedReceiver<EventRecord>>,
    event: Event,
    guard: Guard,
    stop: CancellationToken,
    // Last: the database goes when all else is gone.
    _kept: Arc<TestDb>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Stage {
    /// A Session without keys in stock.
    pub(crate) async fn new() -> Self {
        Self::with_stock(0).await
    }

    /// A Session that keeps keys in stock.
    pub(crate) async fn with_stock(stock: usize) -> Self {
        let kept = TestDb::from_template("session", |url| async move {
            let db = Db::open(&gantry_db::Config::new(url))?;
            db.migrate().await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })
        .await;
        let (event, events) = Event::new();
        let clock = Arc::new(ManualClock::new(START));
        let auth = Auth::default();
        Self::start(Arc::new(kept), clock, auth, event, events, SECRET, (1, stock))
    }

    /// Another process on the same database.
    pub(crate) fn another(&self, secret: [u8; 32], seed: u64) -> Self {
        let (_, silent) = Event::new();
        let (kept, clock, auth) = (Arc::clone(&self._kept), Arc::clone(&self.clock), self.auth.clone());
        Self::start(kept, clock, auth, self.event.clone(), silent, secret, (seed, 0))
    }

    fn start(
        kept: Arc<TestDb>,
        clock: Arc<ManualClock>,
        auth: Auth,
        event: Event,
        events: UnboundedReceiver<EventRecord>,
        secret: [u8; 32],
        (seed, stock): (u64, usize),
    ) -> Self {
        let db = Db::open(&gantry_db::Config::new(kept.url())).unwrap();
        let rng = Arc::new(SeededRng::new(seed));
        let stop = CancellationToken::new();
        let deps = Deps {
            db: db.clone(),
            clock: clock.clone(),
            rng: rng.clone(),
            ids: IdSource::new(clock.clone(), rng),
            auth: Wire::local(auth.clone()),
            event: Wire::local(event.clone()),
            secret_key: secret,
            cluster: Some(Secret::new(CLUSTER)),
            config: Config {
                stock,
                ..Config::default()
            },
            metrics: None,
        };
        let Started { guard, names, tasks } = gantry_session::start(deps, stop.clone());
        assert_eq!(names, ["gantry.session.v2.Session"]);
        assert_eq!(tasks.len(), 3);
        Self {
            clock,
            auth,
            db,
            events: Mutex::new(events),
            event,
            guard,
            stop,
            _kept: kept,
        }
    }

    /// A client of it.
    pub(crate) fn client(&self) -> SessionClient<Guard> {
        SessionClient::new(self.guard.clone())
    }

    /// A user whom Auth knows, in a realm that signs with HS256.
    pub(crate) fn user(&self, realm: &RealmId, number: u128) -> LoginProfile {
        let profile = profile(realm, number);
        self.auth.put(profile.clone());
        profile
    }

    /// Opens a session as Auth does after a login.
    pub(crate) async fn open(&self, profile: &LoginProfile) -> Result<SessionRecord, Problem> {
        let request = OpenSessionRequest {
            profile: Some(profile.clone()),
            request: Some(RequestInfo {
                ip: Some("192.0.2.7".to_owned()),
                client: Some("Browser".to_owned()),
            }),
        };
        let answer = self.client().open_session(as_service(request)).await;
        told(answer).map(|opened| opened.session.unwrap())
    }

    /// Asks for a session as a browser does.
    pub(crate) async fn look(
        &self,
        realm: &RealmId,
        session: &str,
        account: Option<&str>,
    ) -> Result<LoginResult, Problem> {
        let request = GetLoginSessionRequest {
            session: Some(session.to_owned()),
            account: account.map(str::to_owned),
        };
        told(
            self.client()
                .get_login_session(as_browser(request, realm, session))
                .await,
        )
    }

    /// Gives a realm its key.
    pub(crate) async fn provide(&self, realm: &RealmId, algo: &str) -> Result<String, Problem> {
        let request = ProvideKeyRequest {
            realm_id: realm.as_str().to_owned(),
            algo: algo.to_owned(),
        };
        told(self.client().provide_key(as_service(request)).await).map(|told| told.jwt_key)
    }

    /// The next event that Event hears.
    pub(crate) async fn event(&self) -> EventRecord {
        let mut events = self.events.lock().await;
        let heard = tokio::time::timeout(Duration::from_secs(20), events.recv()).await;
        heard.expect("an event within 20 seconds").unwrap()
    }

    /// Runs SQL behind Session's back; tells the rows that it touched.
    pub(crate) async fn sql(&self, sql: &str) -> usize {
        use diesel_async::RunQueryDsl;
        let query = diesel::sql_query(sql);
        let done = match &self.db {
            Db::Pg(pool) => {
                pool.write("test", |conn| Box::pin(async { Ok(query.execute(conn).await?) }))
                    .await
            }
            Db::Lite(pool) => {
                pool.write("test", |conn| Box::pin(async { Ok(query.execute(conn).await?) }))
                    .await
            }
        };
        done.unwrap()
    }

    /// Reads one text a row with SQL, from a column named `text`.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        use diesel_async::RunQueryDsl;
        let query = diesel::sql_query(sql);
        let rows: Result<Vec<TextRow>, StoreError> = match &self.db {
            Db::Pg(pool) => {
                pool.read("test", |conn| Box::pin(async { Ok(query.load(conn).await?) }))
                    .await
            }
            Db::Lite(pool) => {
                pool.read("test", |conn| Box::pin(async { Ok(query.load(conn).await?) }))
                    .await
            }
        };
        rows.unwrap()
            .into_iter()
            .map(|row| row.text.unwrap_or_default())
            .collect()
    }

    /// Waits until the stock holds so many keys.
    pub(crate) async fn stocked(&self, count: usize) {
        let full = async {
            while self.texts("SELECT id AS text FROM session_key_stock").await.len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), full)
            .await
            .expect("a full stock within a minute");
    }
}

#[derive(diesel::QueryableByName)]
struct TextRow {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    text: Option<String>,
}

/// A realm by a number.
pub(crate) fn realm(number: u128) -> RealmId {
    RealmId::from_bits(number)
}

/// The first half of a session's key, which names its record.
pub(crate) fn record(session: &str) -> &str {
    session.split_at(26).0
}

/// What Auth tells about a user with two orgs, the first of which LoginRocket chooses.
pub(crate) fn profile(realm: &RealmId, number: u128) -> LoginProfile {
    LoginProfile {
        realm_id: realm.as_str().to_owned(),
        user_id: UserId::from_bits(number).into_string(),
        active: true,
        name: "Ana Ruiz".to_owned(),
        email: "ana@example.com".to_owned(),
        orgs: vec![org("org_1", true), org("org_2", false)],
        account: Some("org_1".to_owned()),
        jwt_algo: "hs256".to_owned(),
        session_minutes: 60,
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        ..LoginProfile::default()
    }
}

fn org(id: &str, selected: bool) -> OrgClaim {
    OrgClaim {
        membership_id: format!("mb_of_{id}"),
        org_id: id.to_owned(),
        name: "Acme".to_owned(),
        selected,
        ..OrgClaim::default()
    }
}

/// What an answer says, or the problem.
pub(crate) fn told<T>(answer: Result<tonic::Response<T>, tonic::Status>) -> Result<T, Problem> {
    answer
        .map(tonic::Response::into_inner)
        .map_err(|status| from_status(&status))
}

/// A problem's violations as `field:key`.
pub(crate) fn violations(problem: &Problem) -> Vec<String> {
    let one = |violation: &gantry_kernel::Violation| format!("{}:{}", violation.field, violation.key);
    problem.violations.iter().map(one).collect()
}

/// A call by one of the installation's services.
pub(crate) fn as_service<T>(message: T) -> tonic::Request<T> {
    with_caller(
        message,
        Caller {
            access: Access::Service as i32,
            ..Caller::default()
        },
    )
}

/// A call by a back end whose key is locked to a realm.
pub(crate) fn as_key<T>(message: T, realm: &RealmId, permission: Permission) -> tonic::Request<T> {
    with_caller(
        message,
        Caller {
            access: Access::Key as i32,
            permission: permission as i32,
            key_realm_id: realm.as_str().to_owned(),
            realm_id: realm.as_str().to_owned(),
            ip: "10.0.0.9".to_owned(),
            client: "back end".to_owned(),
            ..Caller::default()
        },
    )
}

/// A call by a back end that may change things.
pub(crate) fn as_writer<T>(message: T, realm: &RealmId) -> tonic::Request<T> {
    as_key(message, realm, Permission::Write)
}

/// A call from a browser at a realm's host.
pub(crate) fn as_browser<T>(message: T, realm: &RealmId, session: &str) -> tonic::Request<T> {
    with_caller(
        message,
        Caller {
            access: Access::Anyone as i32,
            realm_id: realm.as_str().to_owned(),
            key_realm_id: realm.as_str().to_owned(),
            session: session.to_owned(),
            ip: "198.51.100.4".to_owned(),
            client: "Firefox".to_owned(),
            ..Caller::default()
        },
    )
}

fn with_caller<T>(message: T, caller: Caller) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    let metadata = request.metadata_mut();
    metadata.insert(gantry_rpc::CLUSTER, CLUSTER.parse().unwrap());
    metadata.insert("x-request-id", REQUEST_ID.parse().unwrap());
    metadata.insert_bin(gantry_rpc::CALLER, MetadataValue::from_bytes(&caller.encode_to_vec()));
    request
}
