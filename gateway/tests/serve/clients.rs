//! Clients that speak HTTP over TCP and TLS, or only some bytes of it.

use std::sync::Arc;

use bytes::Bytes;
use gantry_telemetry::spawn;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::servers::{Made, Server, within};

pub(crate) const H1: &[u8] = b"http/1.1";
pub(crate) const H2: &[u8] = b"h2";

pub(crate) struct Client {
    pub(crate) trusted: Vec<CertificateDer<'static>>,
    pub(crate) versions: Vec<&'static SupportedProtocolVersion>,
    pub(crate) alpn: Vec<&'static [u8]>,
}

impl Client {
    pub(crate) fn trusting(certificates: &[&Made]) -> Self {
        Self {
            trusted: certificates.iter().map(|made| made.der()).collect(),
            versions: vec![&version::TLS12, &version::TLS13],
            alpn: vec![H1],
        }
    }

    pub(crate) async fn try_connect(&self, server: &Server, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        for certificate in &self.trusted {
            roots.add(certificate.clone()).unwrap();
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&self.versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = self.alpn.iter().map(|protocol| protocol.to_vec()).collect();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, server.connect().await)
            .await
    }

    pub(crate) async fn connect(&self, server: &Server, name: &str) -> TlsStream<TcpStream> {
        within(self.try_connect(server, name)).await.unwrap()
    }
}

pub(crate) fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

pub(crate) enum Sender {
    One(http1::SendRequest<Empty<Bytes>>),
    Two(http2::SendRequest<Empty<Bytes>>),
}

impl Sender {
    pub(crate) async fn http1(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Self {
        let (sender, connection) = http1::handshake(TokioIo::new(io)).await.unwrap();
        spawn(connection);
        Self::One(sender)
    }

    pub(crate) async fn http2(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Self {
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
        spawn(connection);
        Self::Two(sender)
    }

    pub(crate) async fn send(&mut self, path: &str) -> hyper::Result<Response<Incoming>> {
        let request = Request::get(format!("http://a.example{path}"))
            .header("host", "a.example")
            .body(Empty::new())
            .unwrap();
        match self {
            Self::One(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Self::Two(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }

    pub(crate) async fn text(&mut self, path: &str) -> String {
        let response = within(self.send(path)).await.unwrap();
        let body = within(response.into_body().collect()).await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }
}

/// Writes bytes and reads until the server ends the connection.
pub(crate) async fn raw(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> String {
    stream.write_all(bytes).await.unwrap();
    rest(stream).await
}

/// Reads until the server ends the connection, be it by a reset.
pub(crate) async fn rest(mut stream: impl AsyncRead + Unpin) -> String {
    let mut out = Vec::new();
    let _ = within(stream.read_to_end(&mut out)).await;
    String::from_utf8_lossy(&out).into_owned()
}

/// A ClientHello whose newest version is `3.minor`; all else in it suits TLS 1.2, so that nothing else is refused.
pub(crate) fn old_hello(minor: u8) -> Vec<u8> {
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.push(0);
    let suites: [u16; 6] = [0xc02b, 0xc02f, 0xc013, 0xc014, 0xc009, 0xc00a];
    body.extend(u16::try_from(suites.len() * 2).unwrap().to_be_bytes());
    body.extend(suites.iter().flat_map(|suite| suite.to_be_bytes()));
    body.extend([1, 0]);
    let name = b"a.example";
    let len = u8::try_from(name.len()).unwrap();
    let mut extensions = vec![0, 0, 0, len + 5, 0, len + 3, 0, 0, len];
    extensions.extend(name);
    // Curve P-256, plain points, ECDSA and RSA-PSS with SHA-256, extended master secret.
    extensions.extend([0, 10, 0, 4, 0, 2, 0, 23]);
    extensions.extend([0, 11, 0, 2, 1, 0]);
    extensions.extend([0, 13, 0, 6, 0, 4, 4, 3, 8, 4]);
    extensions.extend([0, 23, 0, 0]);
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    let mut handshake = vec![1, 0];
    handshake.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    handshake.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend(u16::try_from(handshake.len()).unwrap().to_be_bytes());
    record.extend(handshake);
    record
}
