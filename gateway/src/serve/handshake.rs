//! A TLS handshake: which certificate answers to the name that a client asks for.

use std::io::{Error, ErrorKind};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::{Acceptor, ClientHello};
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::stored::{ACME_TLS, Stored};
use crate::tls::{CertStore, TlsError};

/// What handshakes are made with.
pub(super) struct Handshakes {
    files: Arc<CertStore>,
    stored: Option<Arc<Stored>>,
    /// With the files' certificates.
    own: Arc<ServerConfig>,
}

/// What a client asks for.
struct Asked {
    name: Option<String>,
    /// An authority looks who controls the name, and asks for nothing else (RFC 8737).
    challenge: bool,
}

impl Asked {
    fn of(hello: &ClientHello<'_>) -> Self {
        Self {
            name: hello.server_name().map(str::to_ascii_lowercase),
            challenge: hello
                .alpn()
                .is_some_and(|mut protocols| protocols.any(|name| name == ACME_TLS)),
        }
    }
}

impl Handshakes {
    /// # Errors
    /// [`TlsError::Setup`] when the library refuses the settings.
    pub(super) fn new(files: Arc<CertStore>, stored: Option<Arc<Stored>>) -> Result<Self, TlsError> {
        let own = Arc::new(files.server_config()?);
        Ok(Self { files, stored, own })
    }

    /// Makes a handshake; `None` when it was all that the client wanted.
    pub(super) async fn accept(&self, stream: TcpStream) -> std::io::Result<Option<TlsStream<TcpStream>>> {
        let started = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let asked = Asked::of(&started.client_hello());
        let unknown = || Error::new(ErrorKind::NotFound, "no certificate for the name");
        let settings = self.settings(&asked).await.ok_or_else(unknown)?;
        let stream = started.into_stream(settings).await?;
        Ok((!asked.challenge).then_some(stream))
    }

    /// The certificate of a file that is for the name, else that of a custom domain, else the first file's.
    async fn settings(&self, asked: &Asked) -> Option<Arc<ServerConfig>> {
        let name = asked.name.as_deref();
        if asked.challenge {
            return self.stored.as_ref()?.challenge(name?, &self.own).await;
        }
        if let (Some(stored), Some(name)) = (&self.stored, name)
            && !self.files.covers(name)
            && let Some(settings) = stored.settings(name, &self.own).await
        {
            return Some(settings);
        }
        Some(Arc::clone(&self.own))
    }
}
