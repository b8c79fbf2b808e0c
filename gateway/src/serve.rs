//! The HTTP server: accepts, ends TLS, serves HTTP/1.1 and HTTP/2 within bounds, and stops without dropping a request.
//!
//! Each request carries two extensions: `axum::extract::ConnectInfo<SocketAddr>`, the peer, and
//! [`Scheme`](crate::client_ip::Scheme), that of the connection. [`crate::client_ip`] makes of them what the caller
//! used.

mod connection;
mod handshake;
mod socket;
mod watch;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gantry_telemetry::spawn;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use socket::RequestIds;
pub use watch::Patience;

use crate::stored::Stored;
use crate::tls::{CertStore, TlsError};
use connection::{Shared, run};
use handshake::Handshakes;

/// The smallest buffer for headers. What is larger than a caller may send, but fits in here, is refused by the
/// gateway with a proper answer; what does not is refused by hyper with a bare one.
const MIN_HEADER_BUFFER: usize = 64 * 1024;

/// How a listener serves.
#[derive(Clone)]
pub struct ServeConfig {
    /// The most bytes of headers that the gateway takes; the buffer is at least twice as large.
    pub max_header_bytes: usize,
    /// Connections at one time; the next ones wait in the kernel's queue.
    pub max_connections: usize,
    /// Requests at one time in an HTTP/2 connection.
    pub max_streams: u32,
    /// For a TLS handshake.
    pub handshake_timeout: Duration,
    /// For everything else that a connection may take its time over.
    pub patience: Patience,
    /// For requests in flight when the server stops.
    pub shutdown_grace: Duration,
    /// The files' certificates; without, HTTP is plain (see [`check_plain_allowed`]).
    pub tls: Option<Arc<CertStore>>,
    /// The certificates of custom domains.
    pub stored: Option<Arc<Stored>>,
    /// How often the certificates' files are looked at.
    pub tls_reload: Duration,
    /// Draws the X-Request-ID for an answer to what never became a request.
    pub request_ids: RequestIds,
}

impl ServeConfig {
    /// The usual bounds, in plain HTTP.
    pub fn new(request_ids: RequestIds) -> Self {
        Self {
            max_header_bytes: 16 * 1024,
            max_connections: 10_000,
            max_streams: 128,
            handshake_timeout: Duration::from_secs(10),
            patience: Patience::default(),
            shutdown_grace: Duration::from_secs(20),
            tls: None,
            stored: None,
            tls_reload: Duration::from_secs(30),
            request_ids,
        }
    }
}

impl std::fmt::Debug for ServeConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServeConfig")
            .field("max_header_bytes", &self.max_header_bytes)
            .field("max_connections", &self.max_connections)
            .field("patience", &self.patience)
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}

/// Serves until `shutdown` is cancelled; then accepts nothing more, lets requests in flight finish within the grace
/// period, and answers how many connections had to be cut after it.
///
/// # Errors
/// [`TlsError::Setup`] when TLS cannot be set up.
pub async fn serve(
    listener: TcpListener,
    router: axum::Router,
    config: ServeConfig,
    shutdown: CancellationToken,
) -> Result<usize, TlsError> {
    let tls = match &config.tls {
        Some(files) => Some(Handshakes::new(Arc::clone(files), config.stored.clone())?),
        None => None,
    };
    let grace = config.shutdown_grace;
    let seats = Arc::new(Semaphore::new(config.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let shared = Arc::new(Shared {
        router,
        http: http(&config),
        tls,
        leave: shutdown.clone(),
        kill: CancellationToken::new(),
        config,
    });
    let watching = shared.config.tls.clone().map(|store| {
        let every = shared.config.tls_reload;
        let stop = shutdown.clone();
        spawn(async move { stop.run_until_cancelled(store.watch(every)).await })
    });
    let connections = TaskTracker::new();
    while let Some((stream, peer, seat)) = next(&listener, &seats, &shutdown).await {
        let shared = Arc::clone(&shared);
        let serving = async move {
            run(shared, stream, peer).await;
            drop(seat);
        };
        spawn(connections.track_future(serving));
    }
    drop(listener);
    connections.close();
    let late = match tokio::time::timeout(grace, connections.wait()).await {
        Ok(()) => 0,
        Err(_elapsed) => connections.len(),
    };
    shared.kill.cancel();
    connections.wait().await;
    if let Some(task) = watching {
        // It ends with the same shutdown; a panic in it was logged where it happened.
        let _ = task.await;
    }
    Ok(late)
}

/// Waits for a free seat, then for a connection; `None` at shutdown.
async fn next(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let accept = async {
        let seat = Arc::clone(seats).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, peer, seat)),
                Err(error) if is_connections_own(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept connections");
                    // Out of files or memory: asking again at once would only burn the processor.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    };
    shutdown.run_until_cancelled(accept).await.flatten()
}

/// Tells whether an error of `accept` is about the one connection that was gone before it was taken.
fn is_connections_own(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Sets hyper up. Its own timer for headers is off: it would also end connections that are merely idle, and it does
/// not see those that never send a byte. The watchman does both.
fn http(config: &ServeConfig) -> Builder<TokioExecutor> {
    let buffer = config.max_header_bytes.saturating_mul(2).max(MIN_HEADER_BUFFER);
    let list_size = u32::try_from(buffer).unwrap_or(u32::MAX);
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_buf_size(buffer);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(config.max_streams)
        .max_header_list_size(list_size)
        .max_send_buf_size(64 * 1024)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}

/// Checks that plain HTTP stays on this machine, or behind a proxy that configuration names.
///
/// # Errors
/// What to do about it, for the person who starts the server.
pub fn check_plain_allowed(
    address: SocketAddr,
    plain_behind_proxy: bool,
    trusted_proxies: &[IpNet],
) -> Result<(), String> {
    if address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    match (plain_behind_proxy, trusted_proxies.is_empty()) {
        (true, false) => Ok(()),
        (true, true) => Err(format!(
            "plain HTTP on {address} is for a proxy that ends TLS, but no proxy is named: list its addresses in trusted_proxies"
        )),
        (false, _) => Err(format!(
            "plain HTTP on {address} would send passwords in clear: configure a certificate and its key, or listen on \
             127.0.0.1, or, where a proxy in front ends TLS, name it in trusted_proxies and set plain_behind_proxy"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_plain_allowed_keeps_passwords_off_the_network() {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        for address in ["127.0.0.1:80", "127.9.9.9:0", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            assert_eq!(
                check_plain_allowed(address.parse().unwrap(), false, &[]),
                Ok(()),
                "{address}"
            );
        }
        for address in ["0.0.0.0:80", "[::]:80", "10.0.0.1:80", "203.0.113.7:80", "[fe80::1]:80"] {
            let address = address.parse().unwrap();
            let message = check_plain_allowed(address, false, &proxies).unwrap_err();
            for hint in [
                "certificate",
                "127.0.0.1",
                "trusted_proxies",
                "plain_behind_proxy",
                &address.to_string(),
            ] {
                assert!(message.contains(hint), "{message}");
            }
            assert!(
                check_plain_allowed(address, true, &[])
                    .unwrap_err()
                    .contains("trusted_proxies")
            );
            assert_eq!(check_plain_allowed(address, true, &proxies), Ok(()));
        }
    }
}
