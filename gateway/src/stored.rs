//! Certificates of custom domains: asked of Auth in the middle of a handshake, for a name that none of the files is for.

use std::collections::HashMap;
use std::sync::Arc;

use gantry_proto::auth::v2::auth_client::AuthClient;
use gantry_proto::auth::v2::{FindCertificatesRequest, FoundCertificate, WantedCertificate};
use gantry_rpc::Wire;
use gantry_together::{Fault, Together};
use quick_cache::sync::Cache;
use rustls::ServerConfig;
use rustls::server::ResolvesServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::tls::provider;

/// The protocol that an authority asks for to see who controls a name (RFC 8737 section 6.2).
pub(crate) const ACME_TLS: &[u8] = b"acme-tls/1";
/// Certificates that are kept ready; Auth says each time whether they are still the ones.
const KEPT: usize = 4096;
/// The longest name.
const NAME: usize = 253;

/// The certificates of custom domains.
pub struct Stored {
    auth: Wire,
    questions: Together<Wanted, FoundCertificate, NoWord>,
    kept: Cache<Box<str>, Arc<Kept>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Wanted {
    name: String,
    version: String,
    challenge: bool,
}

/// A certificate as a listener uses it.
struct Kept {
    version: String,
    settings: Arc<ServerConfig>,
}

/// Auth does not answer.
#[derive(Debug, Clone, Copy)]
struct NoWord;

impl Fault for NoWord {
    fn lost() -> Self {
        Self
    }

    fn is_of_a_key(&self) -> bool {
        false
    }
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stored({} kept)", self.kept.len())
    }
}

impl Stored {
    /// Asks Auth.
    pub fn new(auth: Wire) -> Self {
        Self {
            auth,
            questions: Together::default(),
            kept: Cache::new(KEPT),
        }
    }

    /// The settings of a handshake for a custom domain: those of the listener with the domain's certificate. `None` when there is none.
    pub(crate) async fn settings(&self, name: &str, listener: &ServerConfig) -> Option<Arc<ServerConfig>> {
        let kept = self.kept.get(name);
        let version = kept.as_ref().map(|kept| kept.version.clone()).unwrap_or_default();
        match (self.ask(name, version, false).await, kept) {
            // What was true a while ago is better than no connection at all.
            (Err(NoWord), kept) => kept.map(|kept| Arc::clone(&kept.settings)),
            (Ok(None), _) => {
                self.kept.remove(name);
                None
            }
            (Ok(Some(found)), Some(kept)) if found.version == kept.version => Some(Arc::clone(&kept.settings)),
            (Ok(Some(found)), _) => {
                let mut settings = listener.clone();
                settings.cert_resolver = resolver(&found.pem)?;
                let settings = Arc::new(settings);
                let kept = Kept {
                    version: found.version,
                    settings: Arc::clone(&settings),
                };
                self.kept.insert(name.into(), Arc::new(kept));
                Some(settings)
            }
        }
    }

    /// The settings of a handshake by which an authority looks who controls a name.
    pub(crate) async fn challenge(&self, name: &str, listener: &ServerConfig) -> Option<Arc<ServerConfig>> {
        let found = self.ask(name, String::new(), true).await.ok()??;
        let mut settings = listener.clone();
        settings.cert_resolver = resolver(&found.pem)?;
        settings.alpn_protocols = vec![ACME_TLS.to_vec()];
        Some(Arc::new(settings))
    }

    async fn ask(&self, name: &str, version: String, challenge: bool) -> Result<Option<FoundCertificate>, NoWord> {
        // Custom domains have a dot, and no more characters than names have.
        if name.len() > NAME || !name.contains('.') {
            return Ok(None);
        }
        let wanted = Wanted {
            name: name.to_owned(),
            version,
            challenge,
        };
        let found = self.questions.ask(&self.auth, wanted, find).await?;
        Ok(found.filter(|found| !found.version.is_empty()))
    }
}

async fn find(auth: Wire, wanted: Vec<Wanted>) -> Result<HashMap<Wanted, FoundCertificate>, NoWord> {
    let wire = |wanted: &Wanted| WantedCertificate {
        name: wanted.name.clone(),
        version: wanted.version.clone(),
        challenge: wanted.challenge,
    };
    let request = FindCertificatesRequest {
        wanted: wanted.iter().map(wire).collect(),
    };
    // Why not stands in Auth's log.
    let found = AuthClient::new(auth).find_certificates(request).await;
    let found = found.map_err(|_status| NoWord)?.into_inner().found;
    Ok(wanted.into_iter().zip(found).collect())
}

/// Hands out one certificate, read from PEM. Auth has looked whether it fits its key; the one that an authority looks for would not pass here,
/// for it holds what nobody else may understand (RFC 8737 section 3: a critical extension).
fn resolver(pem: &str) -> Option<Arc<dyn ResolvesServerCert>> {
    let chain: Option<Vec<_>> = CertificateDer::pem_slice_iter(pem.as_bytes()).map(Result::ok).collect();
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?;
    match provider().key_provider.load_private_key(key) {
        Ok(key) => Some(Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain?, key)))),
        Err(error) => {
            tracing::error!(%error, "a stored certificate cannot be used");
            None
        }
    }
}
