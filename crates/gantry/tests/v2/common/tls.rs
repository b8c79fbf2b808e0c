//! Certificates: in files, and as handshakes show them.

use gantry_config::Certificate;
use reqwest::tls::TlsInfo;

use super::App;

/// A certificate in files.
pub(crate) struct Made {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) pem: String,
    pub(crate) key: String,
}

impl Made {
    pub(crate) fn new(names: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        std::fs::write(dir.path().join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(dir.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        Self {
            dir,
            pem: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
        }
    }

    pub(crate) fn configured(&self) -> Certificate {
        Certificate {
            cert: self.dir.path().join("cert.pem"),
            key: self.dir.path().join("key.pem"),
        }
    }
}

impl Made {
    /// The certificate alone, as handshakes show it.
    pub(crate) fn der(&self) -> Vec<u8> {
        use rustls_pki_types::pem::PemObject;
        let der = rustls_pki_types::CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap();
        der.as_ref().to_vec()
    }
}

impl App {
    /// The certificate that a handshake for a name shows, and the status of a request for the keys of the realm there.
    pub(crate) async fn shows(&self, name: &str) -> (Vec<u8>, u16) {
        let address = self.running.http.unwrap();
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .tls_info(true)
            .resolve(name, address)
            .build()
            .unwrap();
        let url = format!("https://{name}:{}/connect/jwks", address.port());
        let reply = client.get(url).send().await.unwrap();
        let shown = reply.extensions().get::<TlsInfo>().unwrap();
        let shown = shown.peer_certificate().unwrap().to_vec();
        (shown, reply.status().as_u16())
    }
}
