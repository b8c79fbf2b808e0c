//! Where a process listens: HTTP for everybody, gRPC for services.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use gantry_db::Db;
use gantry_gateway::serve::{ServeConfig, check_plain_allowed, serve as serve_http};
use gantry_gateway::stored::Stored;
use gantry_gateway::tls::{CertFiles, CertStore};
use gantry_gateway::{Deps as GatewayDeps, LimitOverride, Wires};
use gantry_kernel::{Id, IdSource, RequestId};
use gantry_limits::{Limiter, OnOutage};
use gantry_rpc::{GrpcTls, Listener, Wire};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::switch::Switch;
use crate::{Gantry, StartError, check};

impl Gantry {
    pub(crate) fn gateway_config(&self) -> gantry_gateway::Config {
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
            remembered_bytes: http.remembered_bytes,
            v1: http.v1,
            limits: limits.collect(),
            ..gantry_gateway::Config::default()
        }
    }

    pub(crate) async fn serve_grpc(
        &self,
        switch: Switch,
        stop: CancellationToken,
    ) -> Result<(Option<SocketAddr>, Vec<JoinHandle<()>>), StartError> {
        let listener = gantry_rpc::bind(self.config.grpc.addr).await.map_err(|e| {
            StartError::Listen(format!(
                "{e}; set GANTRY_GRPC_ADDR to a free address (port 0 picks one)"
            ))
        })?;
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
        if let Some(tls) = &tls {
            tls.check().map_err(StartError::config)?;
        }
        let mut tasks = vec![grpc_task(Listener::Tcp(listener), switch.clone(), tls, stop.clone())];
        if let Some(path) = &self.config.grpc.socket {
            let socket = gantry_rpc::bind_socket(path).map_err(|e| StartError::Listen(e.to_string()))?;
            // The file's owner alone reaches it, so it is plain whatever the address is.
            tasks.push(grpc_task(socket, switch, None, stop));
        }
        Ok((Some(addr), tasks))
    }

    pub(crate) async fn serve_http(
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
        let required = check::redis_is_required(&self.config).then(|| limiter.clone());
        let router = gantry_gateway::router(GatewayDeps {
            wires: wires.clone(),
            limiter: self.config.limits_enabled.then_some(limiter),
            clock: Arc::clone(&self.world.clock),
            rng: Arc::clone(&self.world.rng),
            ready: readiness(Arc::clone(accepting), db, wires.auth.clone(), required),
            config: self.gateway_config(),
            stop: stop.clone(),
        });
        let (clock, rng) = (Arc::clone(&self.world.clock), Arc::clone(&self.world.rng));
        let ids = IdSource::new(clock, rng);
        let mut serve = ServeConfig::new(Arc::new(move || RequestId::from_bits(ids.next()).into_string()));
        serve.max_header_bytes = http.max_header_bytes;
        serve.tls_reload = Duration::from_secs(http.tls.reload_seconds.max(1));
        if http.tls.certificates.is_empty() {
            self.check_no_acme()?;
            check_plain_allowed(addr, http.plain_behind_proxy, &http.trusted_proxies).map_err(StartError::Config)?;
        } else {
            let files = http.tls.certificates.iter().map(|pair| CertFiles {
                certificate: pair.cert.clone(),
                key: pair.key.clone(),
            });
            serve.tls = Some(CertStore::load(files.collect()).map_err(StartError::config)?);
            serve.stored = Some(Arc::new(Stored::new(wires.auth.clone())));
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

impl Gantry {
    /// An authority looks at the gateway's own handshake, and names that are nobody's custom domain need a certificate too.
    fn check_no_acme(&self) -> Result<(), StartError> {
        match self.config.acme.directory {
            None => Ok(()),
            Some(_) => Err(StartError::Config(
                "acme.directory is set, but the gateway does not end TLS: set http.tls.certificates to a certificate of its own names \
                 (a wildcard for automatic host names), or unset acme.directory"
                    .to_owned(),
            )),
        }
    }
}

fn grpc_task(listener: Listener, switch: Switch, tls: Option<GrpcTls>, stop: CancellationToken) -> JoinHandle<()> {
    gantry_telemetry::spawn(async move {
        if let Err(error) = gantry_rpc::serve(listener, switch, tls.as_ref(), stop).await {
            tracing::error!(error = %error, "gRPC is served no longer");
        }
    })
}

/// Ready means: not told to stop, the database answers (where it is ours), Redis does (where it is required), and so does Auth.
fn readiness(
    accepting: Arc<AtomicBool>,
    db: Option<Db>,
    auth: Wire,
    required: Option<Limiter>,
) -> gantry_gateway::Readiness {
    Arc::new(move || {
        let (accepting, db, auth, required) = (Arc::clone(&accepting), db.clone(), auth.clone(), required.clone());
        async move {
            if !accepting.load(Ordering::SeqCst) {
                return Err("stopping".to_owned());
            }
            if let Some(db) = db {
                db.ping().await.map_err(|_away| "the database".to_owned())?;
            }
            if let Some(limiter) = required
                && !limiter.check().await.reachable
            {
                return Err("redis".to_owned());
            }
            check::auth_answers(auth).await.map_err(|()| "auth".to_owned())
        }
        .boxed()
    })
}
