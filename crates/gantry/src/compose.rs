//! Puts a process together from its roles: the same code for one process and for many.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use gantry_auth::Setup;
use gantry_config::Config;
use gantry_db::Db;
use gantry_gateway::serve::{ServeConfig, check_plain_allowed, serve as serve_http};
use gantry_gateway::tls::{CertFiles, CertStore};
use gantry_gateway::{Deps as GatewayDeps, LimitOverride, Wires};
use gantry_kernel::{Clock, Id, IdSource, RequestId, Rng, SystemClock, SystemRng, base62};
use gantry_limits::{Limit, Limiter, OnOutage, RedisConfig};
use gantry_rpc::{GrpcTls, Later, Ready, Remote, Wire, health, reflection};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::switch::Switch;
use crate::{Roles, check, secret_key};

/// What a process takes from outside: time and randomness, which tests own.
#[derive(Clone)]
pub struct World {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            rng: Arc::new(SystemRng),
        }
    }
}

/// Why a process cannot start; each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration does not fit.
    #[error("{0}")]
    Config(String),
    /// The database is away or refuses.
    #[error("{0}")]
    Database(String),
    /// An address is taken.
    #[error("{0}")]
    Listen(String),
}

impl StartError {
    fn config(error: impl std::fmt::Display) -> Self {
        Self::Config(error.to_string())
    }
}

/// Gantry, to be started.
pub struct Gantry {
    /// The settings.
    pub config: Config,
    /// What this process is.
    pub roles: Roles,
    /// Time and randomness.
    pub world: World,
}

/// Gantry at work.
pub struct Running {
    /// Where HTTP is served.
    pub http: Option<SocketAddr>,
    /// Whether HTTP is HTTPS.
    pub https: bool,
    /// Where gRPC is served.
    pub grpc: Option<SocketAddr>,
    /// The program's own hand in Auth, where this process is Auth.
    pub setup: Option<Setup>,
    /// The ways to the services.
    pub wires: Wires,
    /// Becomes false as soon as the process is told to stop.
    accepting: Arc<AtomicBool>,
    ready: Ready,
    stop_http: CancellationToken,
    stop_grpc: CancellationToken,
    stop_tasks: CancellationToken,
    http_task: Option<JoinHandle<()>>,
    grpc_task: Option<JoinHandle<()>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The line that scripts wait for.
    pub fn ready_line(&self) -> String {
        let mut line = "gantry ready".to_owned();
        if let Some(addr) = self.http {
            let scheme = if self.https { "https" } else { "http" };
            line.push_str(&format!(" http={scheme}://{addr}"));
        }
        if let Some(addr) = self.grpc {
            line.push_str(&format!(" grpc=http://{addr}"));
        }
        line
    }

    /// Stops in order: not ready at once, requests in flight finished, then the services, then the outboxes emptied.
    pub async fn stop(self) {
        self.accepting.store(false, Ordering::SeqCst);
        self.ready.set(false).await;
        self.stop_http.cancel();
        joined(self.http_task).await;
        self.stop_tasks.cancel();
        for task in self.tasks {
            joined(Some(task)).await;
        }
        self.stop_grpc.cancel();
        joined(self.grpc_task).await;
    }
}

async fn joined(task: Option<JoinHandle<()>>) {
    if let Some(task) = task
        && let Err(error) = task.await
    {
        tracing::error!(error = %error, "a task ended badly");
    }
}

/// Wires of services in this process, connected once these exist.
struct Local {
    auth: Option<Later>,
    session: Option<Later>,
    event: Option<Later>,
}

impl Gantry {
    /// Starts every role, and answers when all of them serve.
    ///
    /// # Errors
    /// When the configuration does not fit, the database is away, or an address is taken.
    pub async fn start(self) -> Result<Running, StartError> {
        check::before_start(&self.config, self.roles)?;
        let (wires, local) = self.wires()?;
        let limiter = self.limiter().await?;
        let (stop_http, stop_grpc, stop_tasks) = (
            CancellationToken::new(),
            CancellationToken::new(),
            CancellationToken::new(),
        );
        let accepting = Arc::new(AtomicBool::new(true));

        let mut services = Vec::new();
        let mut tasks = Vec::new();
        let mut setup = None;
        let mut db = None;
        if self.roles.any_service() {
            let open = self.database().await?;
            let ids = IdSource::new(Arc::clone(&self.world.clock), Arc::clone(&self.world.rng));
            if self.roles.auth {
                let started = self.auth(open.clone(), ids.clone(), &wires, &limiter, stop_tasks.clone())?;
                connect(&local.auth, Wire::local(started.guard.clone()));
                services.push((first(started.names), started.guard));
                tasks.push(started.relay);
                setup = Some(started.setup);
            }
            if self.roles.session {
                let started = self.session(open.clone(), ids.clone(), &wires, stop_tasks.clone())?;
                connect(&local.session, Wire::local(started.guard.clone()));
                services.push((first(started.names), started.guard));
                tasks.extend(started.tasks);
            }
            if self.roles.event {
                let started = self.event(open.clone(), &wires, stop_tasks.clone());
                connect(&local.event, Wire::local(started.guard.clone()));
                services.push((first(started.names), started.guard));
            }
            db = Some(open);
        }
        if let (Some(setup), Some(key)) = (&setup, &self.config.root_api_key) {
            setup
                .install_root_key(key)
                .await
                .map_err(|e| StartError::Database(e.to_string()))?;
        }

        let names: Vec<&'static str> = services.iter().map(|(name, _)| *name).collect();
        let (routes, ready) = health(tonic::service::Routes::default(), &names).await;
        let routes = reflection(routes).map_err(StartError::config)?;
        let (grpc, grpc_task) = match self.roles.any_service() {
            true => {
                self.serve_grpc(
                    Switch {
                        services,
                        common: routes,
                    },
                    stop_grpc.clone(),
                )
                .await?
            }
            false => (None, None),
        };
        let (http, http_task) = match self.roles.gateway {
            true => {
                self.serve_http(&wires, limiter, db, &accepting, stop_http.clone())
                    .await?
            }
            false => (None, None),
        };
        ready.set(true).await;
        let https = !self.config.http.tls.certificates.is_empty();
        Ok(Running {
            http,
            https,
            grpc,
            setup,
            wires,
            accepting,
            ready,
            stop_http,
            stop_grpc,
            stop_tasks,
            http_task,
            grpc_task,
            tasks,
        })
    }

    fn wires(&self) -> Result<(Wires, Local), StartError> {
        let (auth, auth_later) = self.wire("auth", self.roles.auth, self.config.wires.auth.as_deref())?;
        let (session, session_later) =
            self.wire("session", self.roles.session, self.config.wires.session.as_deref())?;
        let (event, event_later) = self.wire("event", self.roles.event, self.config.wires.event.as_deref())?;
        let local = Local {
            auth: auth_later,
            session: session_later,
            event: event_later,
        };
        Ok((Wires { auth, session, event }, local))
    }

    fn wire(&self, name: &str, here: bool, url: Option<&str>) -> Result<(Wire, Option<Later>), StartError> {
        if here {
            let (wire, later) = Wire::later();
            return Ok((wire, Some(later)));
        }
        let url = url.ok_or_else(|| {
            let variable = format!("GANTRY_WIRES__{}", name.to_uppercase());
            StartError::Config(format!(
                "{name} is not in this process: say where it is, for example {variable}=http://{name}:50051"
            ))
        })?;
        let tls = &self.config.cluster.tls;
        let tls = match (&tls.ca, &tls.cert, &tls.key) {
            (Some(ca), Some(cert), Some(key)) => Some((ca.clone(), cert.clone(), key.clone())),
            _ => None,
        };
        let secret = self.config.cluster.secret.clone().unwrap_or_default();
        let remote = Remote {
            url: url.to_owned(),
            secret,
            tls,
        };
        Ok((Wire::remote(&remote).map_err(StartError::config)?, None))
    }

    async fn limiter(&self) -> Result<Limiter, StartError> {
        let clock = Arc::clone(&self.world.clock);
        match &self.config.redis.url {
            Some(url) => Limiter::redis(RedisConfig::new(url.clone()), clock)
                .await
                .map_err(StartError::config),
            None => Ok(Limiter::memory(clock)),
        }
    }

    async fn database(&self) -> Result<Db, StartError> {
        let db = check::open_database(&self.config)?;
        let failed = |e: gantry_db::MigrateError| {
            StartError::Database(format!(
                "{e}; is the database up, and is database.url (DATABASE_URL) right?"
            ))
        };
        let applied = db.migrate().await.map_err(failed)?;
        if !applied.is_empty() {
            tracing::info!(migrations = applied.len(), "the database was brought up to date");
        }
        Ok(db)
    }

    fn auth(
        &self,
        db: Db,
        ids: IdSource,
        wires: &Wires,
        limiter: &Limiter,
        stop: CancellationToken,
    ) -> Result<gantry_auth::Started, StartError> {
        let password = &self.config.password;
        let deps = gantry_auth::Deps {
            db,
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ids,
            session: wires.session.clone(),
            event: wires.event.clone(),
            cluster: self.config.cluster.secret.clone(),
            passwords: gantry_auth::password::PasswordConfig {
                cost: gantry_auth::password::Cost {
                    memory_kib: password.memory_kib,
                    iterations: password.iterations,
                    parallelism: password.parallelism,
                },
                threads: password.threads,
                queue: password.queue,
            },
            limiter: limiter.clone(),
            password_limit: self.password_limit(),
            login_domain: self.config.login_domain.clone(),
            holder: base62::encode(self.world.rng.u128()),
        };
        gantry_auth::start(deps, stop).map_err(StartError::config)
    }

    fn session(
        &self,
        db: Db,
        ids: IdSource,
        wires: &Wires,
        stop: CancellationToken,
    ) -> Result<gantry_session::Started, StartError> {
        let deps = gantry_session::Deps {
            db,
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ids,
            auth: wires.auth.clone(),
            event: wires.event.clone(),
            secret_key: secret_key::find(&self.config, self.roles.is_all(), &*self.world.rng)?,
            cluster: self.config.cluster.secret.clone(),
            config: gantry_session::Config {
                issuer: self.config.issuer.clone(),
                ..gantry_session::Config::default()
            },
        };
        Ok(gantry_session::start(deps, stop))
    }

    fn event(&self, db: Db, wires: &Wires, stop: CancellationToken) -> gantry_event::Started {
        let deps = gantry_event::Deps {
            db,
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            auth: wires.auth.clone(),
            cluster: self.config.cluster.secret.clone(),
        };
        gantry_event::start(deps, stop)
    }

    /// The limit on wrong passwords, as the contract and the configuration say.
    fn password_limit(&self) -> Option<Limit> {
        let rules = gantry_proto::RPCS.iter().flat_map(|rpc| rpc.limits);
        let rule = rules.into_iter().find(|rule| rule.by == gantry_proto::By::Account)?;
        self.config.limits_enabled.then(|| self.gateway_config().limit(rule))
    }

    fn gateway_config(&self) -> gantry_gateway::Config {
        let http = &self.config.http;
        let limits = self.config.limits.iter().map(|(name, set)| {
            let on_outage = set.on_outage.map(|what| match what {
                gantry_config::OnOutage::Memory => OnOutage::Memory,
                gantry_config::OnOutage::Allow => OnOutage::Allow,
                gantry_config::OnOutage::Refuse => OnOutage::Refuse,
            });
            (
                name.clone(),
                LimitOverride {
                    max: set.max,
                    per_seconds: set.per_seconds,
                    on_outage,
                },
            )
        });
        gantry_gateway::Config {
            trusted_proxies: http.trusted_proxies.clone(),
            trusted_tracers: self.config.otel.trusted_callers.clone(),
            max_body_bytes: http.max_body_bytes,
            max_header_bytes: http.max_header_bytes,
            request_timeout: Duration::from_millis(http.request_timeout_ms),
            hsts_seconds: http.hsts_seconds,
            limits: limits.collect(),
            ..gantry_gateway::Config::default()
        }
    }

    async fn serve_grpc(
        &self,
        switch: Switch,
        stop: CancellationToken,
    ) -> Result<(Option<SocketAddr>, Option<JoinHandle<()>>), StartError> {
        let listener = gantry_rpc::bind(self.config.grpc.addr)
            .await
            .map_err(|e| StartError::Listen(e.to_string()))?;
        let addr = listener.local_addr().map_err(StartError::config)?;
        let tls = &self.config.grpc.tls;
        let tls = match (&tls.cert, &tls.key) {
            (Some(cert), Some(key)) => Some(GrpcTls {
                cert: cert.clone(),
                key: key.clone(),
                client_ca: tls.client_ca.clone(),
            }),
            _ => None,
        };
        let task = gantry_telemetry::spawn(async move {
            if let Err(error) = gantry_rpc::serve(listener, switch, tls.as_ref(), stop).await {
                tracing::error!(error = %error, "gRPC is served no longer");
            }
        });
        Ok((Some(addr), Some(task)))
    }

    async fn serve_http(
        &self,
        wires: &Wires,
        limiter: Limiter,
        db: Option<Db>,
        accepting: &Arc<AtomicBool>,
        stop: CancellationToken,
    ) -> Result<(Option<SocketAddr>, Option<JoinHandle<()>>), StartError> {
        let http = &self.config.http;
        let taken = |e: std::io::Error| {
            StartError::Listen(format!(
                "cannot listen on {}: {e}; set GANTRY_HTTP_ADDR to a free address (port 0 picks one)",
                http.addr
            ))
        };
        let listener = TcpListener::bind(http.addr).await.map_err(taken)?;
        let addr = listener.local_addr().map_err(taken)?;
        let router = gantry_gateway::router(GatewayDeps {
            wires: wires.clone(),
            limiter: self.config.limits_enabled.then_some(limiter),
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ready: readiness(Arc::clone(accepting), db, wires.auth.clone()),
            config: self.gateway_config(),
        });
        let (clock, rng) = (Arc::clone(&self.world.clock), Arc::clone(&self.world.rng));
        let ids = IdSource::new(clock, rng);
        let mut serve = ServeConfig::new(Arc::new(move || RequestId::from_bits(ids.next()).into_string()));
        serve.max_header_bytes = http.max_header_bytes;
        serve.tls_reload = Duration::from_secs(http.tls.reload_seconds.max(1));
        if http.tls.certificates.is_empty() {
            check_plain_allowed(addr, http.plain_behind_proxy, &http.trusted_proxies).map_err(StartError::Config)?;
        } else {
            let files = http.tls.certificates.iter().map(|pair| CertFiles {
                certificate: pair.cert.clone(),
                key: pair.key.clone(),
            });
            serve.tls = Some(CertStore::load(files.collect()).map_err(StartError::config)?);
        }
        let task = gantry_telemetry::spawn(async move {
            match serve_http(listener, router, serve, stop).await {
                Ok(0) => {}
                Ok(cut) => tracing::warn!(connections = cut, "connections were cut after the grace period"),
                Err(error) => tracing::error!(error = %error, "HTTP is served no longer"),
            }
        });
        Ok((Some(addr), Some(task)))
    }
}

fn connect(later: &Option<Later>, wire: Wire) {
    if let Some(later) = later {
        later.connect(wire);
    }
}

fn first(names: &'static [&'static str]) -> &'static str {
    names.first().copied().unwrap_or_default()
}

/// Ready means: not told to stop, the database answers (where it is ours), and Auth answers.
fn readiness(accepting: Arc<AtomicBool>, db: Option<Db>, auth: Wire) -> gantry_gateway::Readiness {
    Arc::new(move || {
        let (accepting, db, auth) = (Arc::clone(&accepting), db.clone(), auth.clone());
        async move {
            if !accepting.load(Ordering::SeqCst) {
                return Err("stopping".to_owned());
            }
            if let Some(db) = db {
                db.ping().await.map_err(|_away| "the database".to_owned())?;
            }
            check::auth_answers(auth).await.map_err(|()| "auth".to_owned())
        }
        .boxed()
    })
}
