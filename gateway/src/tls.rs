//! The certificates of the HTTPS listener's files: chosen by server name, read again when they change.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};

/// The files of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct CertFiles {
    /// PEM: the certificate, then those that lead to the authority.
    pub certificate: PathBuf,
    /// PEM: its private key.
    pub key: PathBuf,
}

/// Why certificates cannot be used. The file's content is never part of it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// TLS was asked for without a certificate.
    #[error("no certificate is configured")]
    NoCertificate,
    /// The file cannot be read.
    #[error("cannot read {}", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file holds no certificate in PEM.
    #[error("{} holds no PEM certificate", .0.display())]
    NotACertificate(PathBuf),
    /// The file holds no private key in PEM.
    #[error("{} holds no PEM private key", .0.display())]
    NotAKey(PathBuf),
    /// Key and certificate do not belong together, or are of a kind that is not supported.
    #[error("the key in {} does not fit the certificate in {}", .key.display(), .certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What the library says of it.
        #[source]
        source: rustls::Error,
    },
    /// The TLS library refuses the settings.
    #[error("tls cannot be set up")]
    Setup(#[source] rustls::Error),
}

/// The certificates in force. Handshakes read them, [`CertStore::reload`] replaces them; connections that exist keep
/// what they have.
#[derive(Debug)]
pub struct CertStore {
    // parking_lot: a pointer is copied under each lock, never across an await.
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    files: CertFiles,
    current: RwLock<Arc<CertifiedKey>>,
    /// What the files held when last looked at, good or bad.
    seen: RwLock<u64>,
}

impl CertStore {
    /// Reads all certificates; the first answers callers that ask for a name nobody has, or for none.
    ///
    /// # Errors
    /// [`TlsError`] when there is none, or any of them cannot be used: a start with half the names would be found
    /// out by users.
    pub fn load(files: Vec<CertFiles>) -> Result<Arc<Self>, TlsError> {
        if files.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let slot = |files: CertFiles| {
            let (content, seen) = read(&files)?;
            let current = RwLock::new(Arc::new(content.certified_key(&files)?));
            Ok(Slot {
                files,
                current,
                seen: RwLock::new(seen),
            })
        };
        let slots: Result<_, TlsError> = files.into_iter().map(slot).collect();
        Ok(Arc::new(Self { slots: slots? }))
    }

    /// Tells whether a certificate of the files is for a name.
    pub(crate) fn covers(&self, name: &str) -> bool {
        ServerName::try_from(name).is_ok_and(|name| self.slots.iter().any(|slot| covers(&slot.current(), &name)))
    }

    /// Looks at the files and takes over those that changed. Files that cannot be used leave the old certificate in
    /// force and are logged, once for each state that they are found in. Answers how many were taken over.
    pub fn reload(&self) -> usize {
        self.slots.iter().filter(|slot| slot.reload()).count()
    }

    /// Calls [`CertStore::reload`] again and again.
    pub async fn watch(self: Arc<Self>, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            let store = Arc::clone(&self);
            // Files may lie on a slow disk; a handshake must not wait for it.
            if gantry_telemetry::spawn_blocking(move || store.reload()).await.is_err() {
                tracing::error!("reading certificates failed unexpectedly");
            }
        }
    }

    /// Makes the settings of a listener: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1, no early data (it can be replayed).
    ///
    /// # Errors
    /// [`TlsError::Setup`] when the library refuses them.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, TlsError> {
        let resolver = Arc::clone(self);
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(TlsError::Setup)?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.ticketer = aws_lc_rs::Ticketer::new().map_err(TlsError::Setup)?;
        Ok(config)
    }
}

impl ResolvesServerCert for CertStore {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let schemes = hello.signature_schemes();
        let name = hello.server_name().and_then(|name| ServerName::try_from(name).ok());
        let named = name.and_then(|name| {
            let fitting = self.slots.iter().map(Slot::current).filter(|key| covers(key, &name));
            // Of two kinds of key for one name, the one that the caller can check.
            first_usable(fitting, schemes)
        });
        let any = || first_usable(self.slots.iter().map(Slot::current), schemes);
        named.or_else(any)
    }
}

fn first_usable(
    mut keys: impl Iterator<Item = Arc<CertifiedKey>>,
    schemes: &[rustls::SignatureScheme],
) -> Option<Arc<CertifiedKey>> {
    keys.find(|key| key.key.choose_scheme(schemes).is_some())
}

/// Tells whether a certificate is made out for a name, itself or by a wildcard for one label.
fn covers(key: &CertifiedKey, name: &ServerName<'_>) -> bool {
    let parsed = key.end_entity_cert().and_then(ParsedCertificate::try_from);
    parsed.is_ok_and(|certificate| verify_server_name(&certificate, name).is_ok())
}

impl Slot {
    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.read())
    }

    fn reload(&self) -> bool {
        let (content, found) = match read(&self.files) {
            Ok((content, found)) => (Ok(content), found),
            // Zero stands for files that cannot be read.
            Err(error) => (Err(error), 0),
        };
        if std::mem::replace(&mut *self.seen.write(), found) == found {
            return false;
        }
        match content.and_then(|content| content.certified_key(&self.files)) {
            Ok(key) => {
                *self.current.write() = Arc::new(key);
                tracing::info!(file = %self.files.certificate.display(), "certificate taken over");
                true
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "new certificate cannot be used, the old one stays");
                false
            }
        }
    }
}

/// What the two files hold.
struct Content {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// Reads both files, and a number that changes when they do. The content decides, not its time: a certificate that is
/// swapped in by a link may be older than the one before.
fn read(files: &CertFiles) -> Result<(Content, u64), TlsError> {
    let file = |path: &Path| std::fs::read(path).map_err(|error| TlsError::Unreadable(path.to_owned(), error));
    let content = Content {
        certificate: file(&files.certificate)?,
        key: file(&files.key)?,
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(&content.certificate);
    hasher.write_usize(content.certificate.len());
    hasher.write(&content.key);
    Ok((content, hasher.finish().max(1)))
}

impl Content {
    fn certified_key(&self, files: &CertFiles) -> Result<CertifiedKey, TlsError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .ok()
            .filter(|chain: &Vec<_>| !chain.is_empty())
            .ok_or_else(|| TlsError::NotACertificate(files.certificate.clone()))?;
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .ok()
            .ok_or_else(|| TlsError::NotAKey(files.key.clone()))?;
        CertifiedKey::from_der(chain, key, &provider()).map_err(|source| TlsError::Mismatch {
            certificate: files.certificate.clone(),
            key: files.key.clone(),
            source,
        })
    }
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate's files in a directory of their own.
    struct Made {
        dir: tempfile::TempDir,
    }

    impl Made {
        fn new(names: &[&str]) -> Self {
            let made = Self {
                dir: tempfile::tempdir().unwrap(),
            };
            made.renew(names);
            made
        }

        fn renew(&self, names: &[&str]) -> Vec<u8> {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            let made = rcgen::generate_simple_self_signed(names).unwrap();
            std::fs::write(self.files().certificate, made.cert.pem()).unwrap();
            std::fs::write(self.files().key, made.signing_key.serialize_pem()).unwrap();
            made.cert.der().to_vec()
        }

        fn files(&self) -> CertFiles {
            CertFiles {
                certificate: self.dir.path().join("cert.pem"),
                key: self.dir.path().join("key.pem"),
            }
        }
    }

    fn in_force(store: &CertStore) -> Vec<Vec<u8>> {
        store
            .slots
            .iter()
            .map(|slot| slot.current().end_entity_cert().unwrap().to_vec())
            .collect()
    }

    #[test]
    fn covers_knows_names_and_wildcards() {
        let made = Made::new(&["login.example.com", "*.users.example.com"]);
        let store = CertStore::load(vec![made.files()]).unwrap();
        for (name, covered) in [
            ("login.example.com", true),
            ("LOGIN.example.com", true),
            ("a.users.example.com", true),
            ("users.example.com", false),
            ("a.b.users.example.com", false),
            ("example.com", false),
            ("login.example.com.evil.example", false),
        ] {
            let name = ServerName::try_from(name).unwrap();
            assert_eq!(covers(&store.slots[0].current(), &name), covered, "{name:?}");
        }
    }

    #[test]
    fn reload_takes_over_what_changed_and_that_only() {
        let (first, second) = (Made::new(&["a.example"]), Made::new(&["b.example"]));
        let store = CertStore::load(vec![first.files(), second.files()]).unwrap();
        let before = in_force(&store);
        assert_eq!(store.reload(), 0);
        let renewed = second.renew(&["b.example"]);
        assert_eq!(store.reload(), 1);
        assert_eq!(in_force(&store), [before[0].clone(), renewed]);
        assert_eq!(store.reload(), 0);
    }

    #[test]
    fn reload_keeps_the_old_certificate_when_the_new_files_are_bad() {
        let made = Made::new(&["a.example"]);
        let store = CertStore::load(vec![made.files()]).unwrap();
        let before = in_force(&store);
        let key = std::fs::read(made.files().key).unwrap();
        let certificate = std::fs::read(made.files().certificate).unwrap();

        std::fs::write(made.files().certificate, "not pem").unwrap();
        assert_eq!(store.reload(), 0);
        std::fs::write(
            made.files().certificate,
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        )
        .unwrap();
        assert_eq!(store.reload(), 0);
        std::fs::remove_file(made.files().key).unwrap();
        assert_eq!(store.reload(), 0);
        // Half of a renewal: the new certificate is there, the new key is not yet.
        let renewed = made.renew(&["a.example"]);
        let new_key = std::fs::read(made.files().key).unwrap();
        std::fs::write(made.files().key, &key).unwrap();
        assert_eq!(store.reload(), 0);
        assert_eq!(in_force(&store), before);

        std::fs::write(made.files().key, new_key).unwrap();
        assert_eq!(store.reload(), 1, "the second half makes it whole");
        assert_eq!(in_force(&store), [renewed]);

        std::fs::write(made.files().certificate, certificate).unwrap();
        std::fs::write(made.files().key, key).unwrap();
        assert_eq!(store.reload(), 1, "back to the former pair");
        assert_eq!(in_force(&store), before);
    }

    #[test]
    fn load_says_what_is_wrong() {
        assert!(matches!(CertStore::load(Vec::new()), Err(TlsError::NoCertificate)));
        let (one, two) = (Made::new(&["a.example"]), Made::new(&["a.example"]));
        let mixed = CertFiles {
            certificate: one.files().certificate,
            key: two.files().key,
        };
        let error = CertStore::load(vec![one.files(), mixed]).unwrap_err();
        assert!(matches!(error, TlsError::Mismatch { .. }), "{error}");
        let swapped = CertFiles {
            certificate: one.files().key,
            key: one.files().certificate,
        };
        assert!(matches!(
            CertStore::load(vec![swapped]),
            Err(TlsError::NotACertificate(_))
        ));
        let keyless = CertFiles {
            certificate: one.files().certificate,
            key: one.files().certificate,
        };
        assert!(matches!(CertStore::load(vec![keyless]), Err(TlsError::NotAKey(_))));
        let gone = CertFiles {
            certificate: one.dir.path().join("gone"),
            key: one.files().key,
        };
        let error = CertStore::load(vec![gone]).unwrap_err();
        assert!(error.to_string().ends_with("gone"), "{error}");
    }

    #[test]
    fn t_33_errors_and_debug_hide_the_key() {
        let made = Made::new(&["a.example"]);
        let key = std::fs::read_to_string(made.files().key).unwrap();
        let line = key.lines().nth(1).unwrap();
        let store = CertStore::load(vec![made.files()]).unwrap();
        assert!(!format!("{store:?}").contains(line));
        // A key file whose first line was cut off must not be quoted.
        std::fs::write(made.files().key, line).unwrap();
        let error = CertStore::load(vec![made.files()]).unwrap_err();
        assert!(!format!("{error:?} {error}").contains(line));
    }
}
