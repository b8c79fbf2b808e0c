//! Puts a process together from its roles: the same code for one process and for many.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use gantry_config::Config;
use gantry_db::Db;
use gantry_gateway::Wires;
use gantry_kernel::{Clock, IdSource, Rng, SystemClock, SystemRng, base62};
use gantry_limits::{Limit, Limiter};
use gantry_rpc::{Later, Remote, Wire, health, reflection};
use tokio_util::sync::CancellationToken;

use crate::switch::Switch;
use crate::{Roles, Running, check, secret_key};

/// What a process takes from outside: time and randomness, which tests own, and a developer's page of mails.
#[derive(Clone)]
pub struct World {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Who takes mails while there is no mail server: in `gantry dev` alone.
    pub mails: Option<gantry_event::Preview>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            rng: Arc::new(SystemRng),
            mails: None,
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
    pub(crate) fn config(error: impl std::fmt::Display) -> Self {
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

/// What all three services are given.
#[derive(Clone)]
struct Common {
    db: Db,
    secret_key: [u8; 32],
    ids: IdSource,
    metrics: Option<gantry_telemetry::Metrics>,
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
        let (stop_http, stop_streams, stop_grpc, stop_tasks) = (
            CancellationToken::new(),
            CancellationToken::new(),
            CancellationToken::new(),
            CancellationToken::new(),
        );
        let accepting = Arc::new(AtomicBool::new(true));

        let mut services = Vec::new();
        let mut tasks = Vec::new();
        let metrics = self.config.metrics.addr.map(|_| gantry_telemetry::Metrics::new());
        let mut setup = None;
        let mut db = None;
        if self.roles.any_service() {
            let open = self.database().await?;
            let ids = IdSource::new(Arc::clone(&self.world.clock), Arc::clone(&self.world.rng));
            let common = Common {
                db: open.clone(),
                secret_key: secret_key::find(&self.config, self.roles.is_all(), &*self.world.rng)?,
                ids,
                metrics: metrics.clone(),
            };
            if self.roles.auth {
                let started = self.auth(common.clone(), &wires, &limiter, stop_tasks.clone())?;
                connect(&local.auth, Wire::local(started.guard.clone()));
                services.push((first(started.names), started.guard));
                tasks.extend(started.tasks);
                setup = Some(started.setup);
            }
            if self.roles.session {
                let started = self.session(common.clone(), &wires, stop_tasks.clone());
                connect(&local.session, Wire::local(started.guard.clone()));
                services.push((first(started.names), started.guard));
                tasks.extend(started.tasks);
            }
            if self.roles.event {
                let started = self.event(common, &wires, stop_streams.clone())?;
                connect(&local.event, Wire::local(started.guard.clone()));
                services.push((first(started.names), started.guard));
                tasks.extend(started.tasks);
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
        let (grpc, grpc_tasks) = match self.roles.any_service() {
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
            false => (None, Vec::new()),
        };
        let (http, http_task) = match self.roles.gateway {
            true => {
                self.serve_http(&wires, limiter, db, &accepting, stop_http.clone())
                    .await?
            }
            false => (None, None),
        };
        let mut shown = None;
        if let (Some(addr), Some(metrics)) = (self.config.metrics.addr, metrics) {
            let (bound, task) = crate::metrics::serve(addr, metrics, stop_tasks.clone()).await?;
            shown = Some(bound);
            tasks.push(task);
        }
        ready.set(true).await;
        let https = !self.config.http.tls.certificates.is_empty();
        Ok(Running {
            http,
            https,
            grpc,
            metrics: shown,
            setup,
            wires,
            accepting,
            ready,
            drain: Duration::from_millis(self.config.drain_ms),
            grpc_tls: self.config.grpc.tls.cert.is_some(),
            stop_http,
            stop_streams,
            stop_grpc,
            stop_tasks,
            http_task,
            grpc_tasks,
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

    /// Whoever counts nothing does not need Redis either.
    async fn limiter(&self) -> Result<Limiter, StartError> {
        let clock = Arc::clone(&self.world.clock);
        let counts = self.config.limits_enabled && (self.roles.gateway || self.roles.auth);
        let Some(settings) = check::redis_settings(&self.config).filter(|_| counts) else {
            return Ok(Limiter::memory(clock));
        };
        let limiter = Limiter::redis(settings, clock).await.map_err(StartError::config)?;
        if check::redis_is_required(&self.config) && !limiter.health().reachable {
            return Err(StartError::Config(
                "redis does not answer as it should, and redis.on_start is \"refuse\": check REDIS_URL and redis.cluster, or set \
                 redis.on_start = \"continue\""
                    .to_owned(),
            ));
        }
        Ok(limiter)
    }

    async fn database(&self) -> Result<Db, StartError> {
        let db = check::open_database(&self.config)?;
        let applied = db.migrate().await.map_err(check::database_error)?;
        if !applied.is_empty() {
            tracing::info!(migrations = applied.len(), "the database was brought up to date");
        }
        Ok(db)
    }

    fn auth(
        &self,
        common: Common,
        wires: &Wires,
        limiter: &Limiter,
        stop: CancellationToken,
    ) -> Result<gantry_auth::Started, StartError> {
        let password = &self.config.password;
        let deps = gantry_auth::Deps {
            db: common.db,
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ids: common.ids,
            session: wires.session.clone(),
            event: wires.event.clone(),
            secret_key: common.secret_key,
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
            breached_range_url: password.breached_range_url.clone(),
            limiter: limiter.clone(),
            password_limit: self.account_limit("password"),
            mail_limit: self.account_limit("mail"),
            login_domain: self.config.login_domain.clone(),
            dns_server: self.config.dns_server,
            acme: self.acme(),
            dummy_provider: self.config.dummy_provider,
            egress: self.egress(),
            holder: base62::encode(self.world.rng.u128()),
            metrics: common.metrics,
        };
        gantry_auth::start(deps, stop).map_err(StartError::config)
    }

    fn session(&self, common: Common, wires: &Wires, stop: CancellationToken) -> gantry_session::Started {
        let deps = gantry_session::Deps {
            db: common.db,
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ids: common.ids,
            auth: wires.auth.clone(),
            event: wires.event.clone(),
            secret_key: common.secret_key,
            cluster: self.config.cluster.secret.clone(),
            config: gantry_session::Config {
                issuer: self.config.issuer.clone(),
                ..gantry_session::Config::default()
            },
            metrics: common.metrics,
        };
        gantry_session::start(deps, stop)
    }

    fn event(
        &self,
        common: Common,
        wires: &Wires,
        stop: CancellationToken,
    ) -> Result<gantry_event::Started, StartError> {
        let deps = gantry_event::Deps {
            db: common.db,
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ids: common.ids,
            auth: wires.auth.clone(),
            secret_key: common.secret_key,
            egress: self.egress(),
            mail: crate::mail::of(&self.config, self.world.mails.clone())?,
            retention_days: self.config.events.retention_days,
            metrics: common.metrics,
            cluster: self.config.cluster.secret.clone(),
        };
        let pace = gantry_event::Pace {
            watchers: self.config.events.watchers,
            ..gantry_event::Pace::default()
        };
        Ok(gantry_event::start(deps, pace, stop))
    }

    /// What may be called outside.
    fn egress(&self) -> gantry_egress::Policy {
        gantry_egress::Policy {
            allow: self.config.egress.allow.clone(),
            allow_http: self.config.egress.allow_http,
            proxy: self.config.egress.proxy.clone(),
        }
    }

    /// Who gives certificates to custom domains.
    fn acme(&self) -> Option<gantry_auth::certificates::Acme> {
        let acme = &self.config.acme;
        Some(gantry_auth::certificates::Acme {
            directory: acme.directory.clone()?,
            contact: acme.contact.clone(),
            ca: acme.ca.clone(),
            customer: acme.eab_key_id.clone().zip(acme.eab_key.clone()),
        })
    }

    /// A limit by account, as the contract and the configuration say.
    fn account_limit(&self, name: &str) -> Option<Limit> {
        let rules = gantry_proto::RPCS.iter().flat_map(|rpc| rpc.limits);
        let mut by_account = rules.into_iter().filter(|rule| rule.by == gantry_proto::By::Account);
        let rule = by_account.find(|rule| rule.name == name)?;
        self.config.limits_enabled.then(|| self.gateway_config().limit(rule))
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
