//! A client that does not know whether the service is in this process or on another machine.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use gantry_kernel::{Reason, Secret};
use http::{Request, Response};
use http_body_util::BodyExt;
use tonic::Status;
use tonic::body::Body;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};
use tracing::Instrument;

use crate::call::{CLUSTER, ascii};

/// Set on requests that never left this process: what carries it needs no secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InProcess;

/// A way to one service. Cheap to clone; generated clients sit on it.
#[derive(Debug, Clone)]
pub struct Wire(BoxCloneSyncService<Request<Body>, Response<Body>, Status>);

/// Where a service is, when it is not in this process.
#[derive(Debug, Clone)]
pub struct Remote {
    /// `http://host:port`, `https://host:port` or `unix:///path`.
    pub url: String,
    /// By which services know each other.
    pub secret: Secret,
    /// Mutual TLS: the CA of the services, this one's certificate and key, all PEM files.
    pub tls: Option<(PathBuf, PathBuf, PathBuf)>,
}

/// A wire cannot be laid.
#[derive(Debug, thiserror::Error)]
#[error("{url}: {why}")]
pub struct WireError {
    url: String,
    why: String,
}

impl Wire {
    /// A wire to a guarded service in this process.
    pub fn local<S>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let service = service
            .map_err(|never| match never {})
            .map_request(|mut request: Request<Body>| {
                request.extensions_mut().insert(InProcess);
                request
            });
        Self(BoxCloneSyncService::new(Inner(service)))
    }

    /// A wire to a service in another process; it connects when it is first used, and again whenever it must.
    ///
    /// # Errors
    /// When the URL or a certificate file is unusable.
    pub fn remote(remote: &Remote) -> Result<Self, WireError> {
        let bad = |why: String| WireError {
            url: remote.url.clone(),
            why,
        };
        let mut endpoint = Endpoint::from_shared(remote.url.clone())
            .map_err(|e| bad(e.to_string()))?
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(30))
            .tcp_nodelay(true)
            // A peer that vanished without a word is noticed, so that calls fail over to a new connection.
            .http2_keep_alive_interval(Duration::from_secs(10))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true);
        if let Some((ca, cert, key)) = &remote.tls {
            let read = |path: &PathBuf| std::fs::read(path).map_err(|e| bad(format!("{}: {e}", path.display())));
            let tls = ClientTlsConfig::new()
                .ca_certificate(Certificate::from_pem(read(ca)?))
                .identity(Identity::from_pem(read(cert)?, read(key)?));
            endpoint = endpoint.tls_config(tls).map_err(|e| bad(e.to_string()))?;
        }
        let secret = ascii(remote.secret.expose()).ok_or_else(|| bad("the cluster secret is not ASCII".to_owned()))?;
        let channel: Channel = endpoint.connect_lazy();
        let service = channel
            .map_err(|error| {
                tracing::warn!(error = %error, "a service cannot be reached");
                crate::to_status(&reason(&error).into())
            })
            .map_response(|response| response.map(unbroken))
            .map_request(move |mut request: Request<Body>| {
                if let Ok(value) = http::HeaderValue::try_from(secret.as_bytes()) {
                    request.headers_mut().insert(CLUSTER, value);
                }
                request
            });
        Ok(Self(BoxCloneSyncService::new(Traced(service))))
    }
}

/// An answer's body, which ends well or says that the service is away: what a service has to say of its own stands in the
/// trailers, so an error here is a connection that broke, and no defect of either side.
fn unbroken(body: Body) -> Body {
    Body::new(body.map_err(|error| {
        tracing::warn!(%error, "a service broke off its answer");
        crate::to_status(&Reason::Unavailable.into())
    }))
}

/// A call that ran out of time may have been done all the same; one that was never sent was not.
fn reason(error: &tonic::transport::Error) -> Reason {
    let mut chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    if chain.any(|error| error.is::<tonic::TimeoutExpired>()) {
        Reason::Timeout
    } else {
        Reason::Unavailable
    }
}

/// The far end of a wire that is connected later: services of one process need each other.
#[derive(Debug, Clone, Default)]
pub struct Later(Arc<OnceLock<Wire>>);

impl Later {
    /// Connects the wire; only the first call counts.
    pub fn connect(&self, wire: Wire) {
        let _first_wins = self.0.set(wire);
    }
}

impl Wire {
    /// A wire that answers "unavailable" until it is connected.
    pub fn later() -> (Self, Later) {
        let later = Later::default();
        let far = later.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let wire = far.0.get().cloned();
            async move {
                match wire {
                    Some(mut wire) => wire.call(request).await,
                    None => Err(crate::to_status(&Reason::Unavailable.into())),
                }
            }
        });
        (Self(BoxCloneSyncService::new(service)), later)
    }
}

impl Service<Request<Body>> for Wire {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request)
    }
}

/// A client span around each call, whose ids travel with it.
#[derive(Debug, Clone)]
struct Traced<S>(S);

impl<S> Service<Request<Body>> for Traced<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Status>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Status;
    type Future = tracing::instrument::Instrumented<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let span = gantry_telemetry::rpc_client_span(request.uri().path());
        gantry_telemetry::inject(&span, request.headers_mut());
        let future = self.0.call(request);
        future.instrument(span)
    }
}

/// A client span around each call within the process: the current span goes along by itself, so nothing is written down.
#[derive(Debug, Clone)]
struct Inner<S>(S);

impl<S> Service<Request<Body>> for Inner<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Status>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Status;
    type Future = tracing::instrument::Instrumented<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let span = gantry_telemetry::rpc_client_span(request.uri().path());
        let future = span.in_scope(|| self.0.call(request));
        future.instrument(span)
    }
}
