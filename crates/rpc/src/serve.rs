//! Serves gRPC on an address: plain on loopback or inside a trusted network, mutual TLS between machines.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use http::{Request, Response};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};
use tower::{Service, ServiceExt};

/// The certificate files of a gRPC server.
#[derive(Debug, Clone)]
pub struct GrpcTls {
    /// This server's certificate chain, PEM.
    pub cert: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
    /// The CA that clients' certificates must descend from; with it TLS is mutual.
    pub client_ca: Option<PathBuf>,
}

/// Serving gRPC failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or is not ours.
    #[error("cannot listen on {0}: {1}")]
    Bind(SocketAddr, std::io::Error),
    /// A certificate file is unusable.
    #[error("{0}: {1}")]
    Certificate(PathBuf, String),
    /// The server ended.
    #[error("the gRPC server ended: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Takes an address; port 0 picks a free one.
///
/// # Errors
/// When it is taken.
pub async fn bind(addr: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(addr)
        .await
        .map_err(|error| ServeError::Bind(addr, error))
}

/// Serves until it is told to stop; then finishes the calls in flight.
///
/// # Errors
/// When a certificate is unusable or the transport fails.
pub async fn serve<S>(
    listener: TcpListener,
    service: S,
    tls: Option<&GrpcTls>,
    stop: CancellationToken,
) -> Result<(), ServeError>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let mut server = Server::builder()
        // Bounds what one peer may ask for at a time, and notices peers that vanished.
        .concurrency_limit_per_connection(1024)
        .max_concurrent_streams(1024)
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .http2_max_header_list_size(Some(32 * 1024))
        .tcp_nodelay(true);
    if let Some(tls) = tls {
        server = server.tls_config(tls_config(tls)?)?;
    }
    let service = service.map_request(|request: Request<axum::body::Body>| request.map(Body::new));
    let router = axum::Router::new().fallback_service(service);
    server
        .add_routes(tonic::service::Routes::from(router))
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop.cancelled_owned())
        .await?;
    Ok(())
}

fn tls_config(tls: &GrpcTls) -> Result<ServerTlsConfig, ServeError> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|e| ServeError::Certificate(path.clone(), e.to_string()));
    let mut config = ServerTlsConfig::new().identity(Identity::from_pem(read(&tls.cert)?, read(&tls.key)?));
    if let Some(ca) = &tls.client_ca {
        config = config.client_ca_root(Certificate::from_pem(read(ca)?));
    }
    Ok(config)
}
