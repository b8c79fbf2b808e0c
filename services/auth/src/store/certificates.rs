//! Certificates of custom domains, and who this installation is to an authority.

use diesel::prelude::*;

use super::schema::auth_domains;
use super::{DomainRow, Store, pg, sqlite};

/// What changes when a domain gets another certificate, or loses the one it has.
#[derive(Debug, Clone, Default, PartialEq, AsChangeset)]
#[diesel(table_name = auth_domains, treat_none_as_null = true)]
pub(crate) struct CertificatePatch {
    pub(crate) cert_source: Option<String>,
    pub(crate) cert_version: Option<String>,
    pub(crate) cert_expires_at: Option<i64>,
    pub(crate) cert_error: Option<String>,
    pub(crate) cert_tries: i64,
    pub(crate) cert_due_at: Option<i64>,
}

impl CertificatePatch {
    /// Changes a row that is not stored yet.
    pub(crate) fn apply(self, row: &mut DomainRow) {
        row.cert_source = self.cert_source;
        row.cert_version = self.cert_version;
        row.cert_expires_at = self.cert_expires_at;
        row.cert_error = self.cert_error;
        row.cert_tries = self.cert_tries;
        row.cert_due_at = self.cert_due_at;
    }
}

/// A certificate by the name that it is for.
#[derive(Debug, Clone)]
pub(crate) struct StoredCertificate {
    pub(crate) fqdn: String,
    pub(crate) domain_id: String,
    /// `served`, or `challenge`: the one that shows an authority who controls the name.
    pub(crate) kind: String,
    /// That of the one that is served.
    pub(crate) version: Option<String>,
    pub(crate) sealed: String,
}

gantry_db::store!(Store {
    /// Finds the certificates of names that serve.
    read certificates::find_certificates(names: Vec<String>) -> Vec<StoredCertificate>;
    /// Lists domains of which the authority is to be asked.
    read certificates::list_due_certificates(now: i64, limit: i64) -> Vec<DomainRow>;
    /// Moves a due domain on, if nobody else has; tells whether it did.
    write certificates::take_up_certificate(row: DomainRow, until: i64) -> bool;
    /// Makes all proven custom domains due that have no certificate and wait for none.
    write certificates::begin_certificates(now: i64) -> usize;
    /// Keeps what an authority is shown.
    write certificates::set_challenge(domain: String, sealed: String) -> ();
    /// Ends a try to get a certificate, unless the domain has another name by now, or is no longer to have one; tells whether it did.
    /// What the authority was shown goes.
    write certificates::end_certificate(row: DomainRow, patch: CertificatePatch, sealed: Option<String>) -> bool;
    /// Finds the sealed account of this installation at an authority.
    read certificates::find_acme_account(directory: String) -> Option<String>;
    /// Keeps an account, unless another process was first; gives the one that is kept.
    write certificates::add_acme_account(directory: String, sealed: String) -> String;
    /// Forgets an account that the authority does not know.
    write certificates::remove_acme_account(directory: String, sealed: String) -> ();
});
