//! Serves gRPC on an address: plain on loopback or inside a trusted network, mutual TLS between machines.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{Request, Response};
use tokio::net::{TcpListener, UnixListener};
use tokio_stream::wrappers::{TcpListenerStream, UnixListenerStream};
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
    /// The socket's file cannot be made.
    #[error("cannot listen on {0}: {1}")]
    Socket(PathBuf, std::io::Error),
    /// A certificate file is unusable.
    #[error("{0}: {1}")]
    Certificate(PathBuf, String),
    /// The certificate files do not make an identity.
    #[error("grpc.tls cannot be used: {0} with {1}{2}: {3}")]
    Identity(PathBuf, PathBuf, String, String),
    /// The server ended.
    #[error("the gRPC server ended: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Where gRPC is listened for.
#[derive(Debug)]
pub enum Listener {
    /// On an address.
    Tcp(TcpListener),
    /// On a socket of this machine.
    Unix(UnixListener),
}

/// Takes a unix socket that only this user may reach; a file that a killed process left there is removed.
///
/// # Errors
/// When the file cannot be made, or is something else than a socket.
pub fn bind_socket(path: &Path) -> Result<Listener, ServeError> {
    let failed = |error: std::io::Error| ServeError::Socket(path.to_owned(), error);
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => std::fs::remove_file(path).map_err(failed)?,
        Ok(_) => return Err(failed(std::io::ErrorKind::AlreadyExists.into())),
        Err(_nothing_there) => {}
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(Listener::Unix(listener))
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

/// How long calls in flight may take once the server stops; a stream that its client never ends would hold it up for ever.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until it is told to stop; then finishes the calls in flight, within a grace period.
///
/// # Errors
/// When a certificate is unusable or the transport fails.
pub async fn serve<S>(
    listener: Listener,
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
    let server = server.add_routes(tonic::service::Routes::from(router));
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    let serving = async {
        let told = stop.cancelled();
        match listener {
            Listener::Tcp(tcp) => {
                let incoming = TcpListenerStream::new(tcp);
                server.serve_with_incoming_shutdown(incoming, told).await
            }
            Listener::Unix(unix) => {
                let incoming = UnixListenerStream::new(unix);
                server.serve_with_incoming_shutdown(incoming, told).await
            }
        }
    };
    tokio::select! {
        served = serving => Ok(served?),
        () = late => {
            tracing::warn!("gRPC calls were cut after the grace period");
            Ok(())
        }
    }
}

impl GrpcTls {
    /// Looks whether the files can be served with.
    ///
    /// # Errors
    /// With the files and what is wrong with them.
    pub fn check(&self) -> Result<(), ServeError> {
        let ca = self.client_ca.as_ref().map(|ca| format!(" and {}", ca.display()));
        let unusable = |error: tonic::transport::Error| {
            let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            ServeError::Identity(self.cert.clone(), self.key.clone(), ca.unwrap_or_default(), why)
        };
        Server::builder().tls_config(tls_config(self)?).map_err(unusable)?;
        Ok(())
    }
}

fn tls_config(tls: &GrpcTls) -> Result<ServerTlsConfig, ServeError> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|e| ServeError::Certificate(path.clone(), e.to_string()));
    let mut config = ServerTlsConfig::new().identity(Identity::from_pem(read(&tls.cert)?, read(&tls.key)?));
    if let Some(ca) = &tls.client_ca {
        config = config.client_ca_root(Certificate::from_pem(read(ca)?));
    }
    Ok(config)
}
