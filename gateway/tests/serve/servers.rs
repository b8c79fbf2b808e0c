//! Servers to test, and their certificates.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use gantry_gateway::client_ip::Scheme;
use gantry_gateway::serve::{Patience, ServeConfig, serve};
use gantry_gateway::tls::{CertFiles, CertStore};
use gantry_telemetry::spawn;
use http::Request;
use rustls_pki_types::CertificateDer;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; a test that meets it has failed.
pub(crate) const FOREVER: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) done: JoinHandle<usize>,
}

impl Server {
    pub(crate) async fn start(router: Router, config: ServeConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = serve(listener, router, config, stop.clone());
        let done = spawn(async move { serving.await.unwrap() });
        Self { address, stop, done }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Stops it; answers how many connections had to be cut.
    pub(crate) async fn stop(self) -> usize {
        self.stop.cancel();
        within(self.done).await.unwrap()
    }
}

pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(FOREVER, future).await.expect("it takes forever")
}

pub(crate) fn config() -> ServeConfig {
    ServeConfig::new(Arc::new(|| "rq_0000000000000000000000".to_owned()))
}

pub(crate) fn patience(change: impl FnOnce(&mut Patience)) -> ServeConfig {
    let mut config = config();
    change(&mut config.patience);
    config
}

/// Tells what the server saw of the request.
pub(crate) async fn mirror(request: Request<Body>) -> String {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>().unwrap();
    let scheme = request.extensions().get::<Scheme>().unwrap();
    format!("{:?} {scheme:?} {}", request.version(), peer.ip())
}

pub(crate) fn router() -> Router {
    Router::new().route("/", get(mirror))
}

/// A certificate in files.
pub(crate) struct Made {
    dir: tempfile::TempDir,
}

impl Made {
    pub(crate) fn new(names: &[&str]) -> Self {
        let made = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        made.renew(names);
        made
    }

    pub(crate) fn renew(&self, names: &[&str]) {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        std::fs::write(self.files().certificate, made.cert.pem()).unwrap();
        std::fs::write(self.files().key, made.signing_key.serialize_pem()).unwrap();
    }

    pub(crate) fn files(&self) -> CertFiles {
        CertFiles {
            certificate: self.dir.path().join("cert.pem"),
            key: self.dir.path().join("key.pem"),
        }
    }

    pub(crate) fn der(&self) -> CertificateDer<'static> {
        use rustls_pki_types::pem::PemObject;
        CertificateDer::from_pem_file(self.files().certificate).unwrap()
    }
}

pub(crate) fn https(certificates: &[&Made]) -> (ServeConfig, Arc<CertStore>) {
    let store = CertStore::load(certificates.iter().map(|made| made.files()).collect()).unwrap();
    let mut config = config();
    config.tls = Some(Arc::clone(&store));
    (config, store)
}
