//! Certificates for the processes of an installation, and for those who would like to be one.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

/// Who signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, a PEM file.
    pub(crate) ca: PathBuf,
}

/// A certificate and its key, PEM files.
#[derive(Debug, Clone)]
pub(crate) struct Papers {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

impl Authority {
    pub(crate) fn new(dir: &Path, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let ca = dir.join(format!("{name}-ca.pem"));
        fs::write(&ca, params.self_signed(&key).unwrap().pem()).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            ca,
        }
    }

    /// A certificate for a process on loopback, which serves with it and calls with it.
    pub(crate) fn papers(&self, dir: &Path, name: &str) -> Papers {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let papers = Papers {
            cert: dir.join(format!("{name}.pem")),
            key: dir.join(format!("{name}.key")),
        };
        fs::write(&papers.cert, params.signed_by(&key, &self.issuer).unwrap().pem()).unwrap();
        fs::write(&papers.key, key.serialize_pem()).unwrap();
        papers
    }
}
