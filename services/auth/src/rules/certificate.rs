//! Certificates of custom domains: which may be uploaded, what their state is called, when they are got and renewed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_kernel::{Problem, Rng, Secret, Violation};
use gantry_seal::Purpose;
use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs;
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::check::Checks;
use super::realm::Sent;
use crate::store::{CertificatePatch, DomainRow};

/// The kind of the certificate that handshakes get, and of the one that an authority looks for (RFC 8737).
pub(crate) const SERVED: &str = "served";
pub(crate) const CHALLENGE: &str = "challenge";
/// Where a certificate is from.
pub(crate) const ACME: &str = "acme";
const UPLOAD: &str = "upload";
/// The most characters of a chain or a key.
const LONGEST: usize = 24 * 1024;
/// The most certificates in a chain.
const MOST: usize = 8;
/// The most characters of an authority's words that are kept.
const WORDS: usize = 500;
/// How long a try may take before another process makes the next.
pub(crate) const ONE_TRY_MS: i64 = 10 * MINUTE_MS;
const MINUTE_MS: i64 = 60_000;
/// The pauses after a first, second, ... try that failed, in minutes; authorities count failures by the hour and by the week.
const PAUSES: [i64; 6] = [1, 5, 30, 120, 360, 720];

/// What the vault seals certificates of a kind for.
pub(crate) fn purpose(kind: &str) -> Purpose {
    const OF_SERVED: Purpose = Purpose::new("certificate");
    const OF_CHALLENGE: Purpose = Purpose::new("certificate challenge");
    if kind == CHALLENGE { OF_CHALLENGE } else { OF_SERVED }
}

/// A certificate that fits its name and its key.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// Private key and chain, as PEM.
    pub(crate) pem: Secret,
    /// Another certificate has another version.
    version: String,
    begins_at: i64,
    ends_at: i64,
}

impl Held {
    /// Reads a chain and its private key for a name.
    pub(crate) fn read(chain: &str, key: &str, name: &str, now: i64) -> Result<Self, Violation> {
        let format = || Violation::new("certificate", "certificate_format");
        if chain.len().max(key.len()) > LONGEST {
            return Err(format());
        }
        // As it will be read again: the first key counts.
        let pem = Secret::new(format!("{}\n{}\n", key.trim(), chain.trim()));
        let bytes = pem.expose().as_bytes();
        let chain: Option<Vec<_>> = CertificateDer::pem_slice_iter(bytes).map(Result::ok).collect();
        let chain = chain.filter(|chain| (1..=MOST).contains(&chain.len()));
        let chain = chain.ok_or_else(format)?;
        let key = PrivateKeyDer::from_pem_slice(bytes)
            .map_err(|_none| Violation::new("private_key", "private_key_format"))?;
        let leaf = chain.first().cloned().ok_or_else(format)?;
        let (_, parsed) = X509Certificate::from_der(&leaf).map_err(|_damaged| format())?;
        let ms = |time: x509_parser::time::ASN1Time| time.timestamp().saturating_mul(1000);
        let (begins_at, ends_at) = (ms(parsed.validity().not_before), ms(parsed.validity().not_after));
        CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())
            .map_err(|_unfit| Violation::new("private_key", "private_key_mismatch"))?;
        let covers = ServerName::try_from(name).ok().is_some_and(|name| {
            let leaf = ParsedCertificate::try_from(&leaf);
            leaf.is_ok_and(|leaf| verify_server_name(&leaf, &name).is_ok())
        });
        if !covers {
            return Err(Violation::new("certificate", "certificate_name"));
        }
        if ends_at <= now {
            return Err(Violation::new("certificate", "certificate_expired"));
        }
        let digest = Sha256::digest(bytes);
        let version = URL_SAFE_NO_PAD.encode(digest);
        Ok(Self {
            pem,
            version,
            begins_at,
            ends_at,
        })
    }

    fn patch(&self, source: &str, due_at: Option<i64>) -> CertificatePatch {
        CertificatePatch {
            cert_source: Some(source.to_owned()),
            cert_version: Some(self.version.clone()),
            cert_expires_at: Some(self.ends_at),
            cert_error: None,
            cert_tries: 0,
            cert_due_at: due_at,
        }
    }

    /// What changes in a domain whose certificate this authority gave: it is renewed after two thirds of its time, a little earlier by
    /// chance, so that those of one day are not all renewed on one day.
    pub(crate) fn given(&self, rng: &dyn Rng) -> CertificatePatch {
        let lifetime = self.ends_at.saturating_sub(self.begins_at);
        let early = by_chance(lifetime / 30, rng);
        let due_at = self.begins_at.saturating_add(lifetime / 3 * 2) - early;
        self.patch(ACME, Some(due_at))
    }
}

/// A certificate as a caller sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    pub(crate) certificate: Sent<String>,
    pub(crate) private_key: Sent<Secret>,
}

/// What becomes of a domain's certificate.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// It stays.
    None,
    /// There is none, or none for its new name; got from an authority from a time on, where there is one.
    Gone(CertificatePatch),
    /// It is one that was uploaded.
    Uploaded(CertificatePatch, Held),
}

impl Change {
    /// What changes in the domain, and its sealed certificate if it has one then.
    pub(crate) fn parts(self) -> (Option<CertificatePatch>, Option<Held>) {
        match self {
            Self::None => (None, None),
            Self::Gone(patch) => (Some(patch), None),
            Self::Uploaded(patch, held) => (Some(patch), Some(held)),
        }
    }
}

/// What a caller may change: certificates of custom domains. `due_at` is when an authority gives one instead.
pub(crate) fn change(
    input: Input,
    custom: bool,
    renamed: bool,
    name: &str,
    (now, due_at): (i64, Option<i64>),
) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let blank = |text: &String| !text.trim().is_empty();
    let certificate = input.certificate.map(|sent| sent.filter(blank));
    let key = input
        .private_key
        .map(|sent| sent.filter(|key| !key.expose().trim().is_empty()));
    let gone = || {
        Change::Gone(CertificatePatch {
            cert_due_at: due_at,
            ..CertificatePatch::default()
        })
    };
    let change = match (certificate, key) {
        (None, None) if renamed => gone(),
        (None, None) => Change::None,
        (Some(None), None | Some(None)) => gone(),
        (Some(Some(_)), _) if !custom => {
            checks.fail("certificate", "read_only");
            Change::None
        }
        (Some(Some(chain)), Some(Some(key))) => match Held::read(&chain, key.expose(), name, now) {
            Ok(held) => Change::Uploaded(held.patch(UPLOAD, None), held),
            Err(violation) => {
                checks.add(violation);
                Change::None
            }
        },
        (Some(Some(_)), _) => {
            checks.fail("private_key", "required");
            Change::None
        }
        (_, Some(None)) => Change::None,
        (_, Some(Some(_))) => {
            checks.fail("certificate", "required");
            Change::None
        }
    };
    checks.done()?;
    Ok(change)
}

/// Whether a certificate of this domain is to be got from an authority, and none is there or awaited.
pub(crate) fn is_missing(row: &DomainRow) -> bool {
    row.cert_source.as_deref() != Some(UPLOAD) && row.cert_due_at.is_none()
}

/// What changes after a try that failed: what there is stays, and the next try comes after a pause.
pub(crate) fn failed(row: &DomainRow, words: &str, now: i64, rng: &dyn Rng) -> CertificatePatch {
    let tries = row.cert_tries.saturating_add(1);
    let pause = usize::try_from(row.cert_tries).ok().and_then(|tries| PAUSES.get(tries));
    let pause = pause.or(PAUSES.last()).copied().unwrap_or(1) * MINUTE_MS;
    let shown = words.chars().filter(|c| !c.is_control()).take(WORDS).collect();
    CertificatePatch {
        cert_source: row.cert_source.clone(),
        cert_version: row.cert_version.clone(),
        cert_expires_at: row.cert_expires_at,
        cert_error: Some(shown),
        cert_tries: tries,
        cert_due_at: Some(now.saturating_add(pause).saturating_add(by_chance(pause / 10, rng))),
    }
}

/// A part of a time, drawn by chance.
fn by_chance(most: i64, rng: &dyn Rng) -> i64 {
    let mut byte = [0_u8; 1];
    rng.fill(&mut byte);
    most / 256 * i64::from(byte[0])
}

/// What the state of a domain's certificate is called; `managed` says whether an authority gives them.
pub(crate) fn state(row: &DomainRow, managed: bool, now: i64) -> &'static str {
    match row.cert_expires_at {
        Some(at) if at <= now => "expired",
        Some(_) => "valid",
        None if row.cert_error.is_some() => "failed",
        None if managed && row.domain.is_some() => "pending",
        None => "unmanaged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::SeededRng;

    /// 2026-01-01, inside what the certificates below are valid for.
    const NOW: i64 = 1_767_225_600_000;

    fn made(name: &str) -> (String, String) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn sent(chain: Option<&str>, key: Option<&str>) -> Input {
        Input {
            certificate: chain.map(|text| Some(text.to_owned())),
            private_key: key.map(|text| Some(Secret::new(text))),
        }
    }

    fn fault(input: Input) -> (String, String) {
        let problem = change(input, true, false, "a.example", (NOW, None)).unwrap_err();
        let violation = &problem.violations[0];
        (violation.field.to_string(), violation.key.to_string())
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let ((chain, key), (other, other_key)) = (made("a.example"), made("b.example"));
        for (input, expected) in [
            (
                sent(Some("nonsense"), Some(&key)),
                ("certificate", "certificate_format"),
            ),
            (
                sent(Some(&chain), Some("nonsense")),
                ("private_key", "private_key_format"),
            ),
            (
                sent(Some(&chain), Some(&other_key)),
                ("private_key", "private_key_mismatch"),
            ),
            (
                sent(Some(&other), Some(&other_key)),
                ("certificate", "certificate_name"),
            ),
            (sent(Some(&chain), None), ("private_key", "required")),
            (sent(None, Some(&key)), ("certificate", "required")),
            (
                sent(Some(&chain.repeat(9)), Some(&key)),
                ("certificate", "certificate_format"),
            ),
            (
                sent(Some(&"x".repeat(LONGEST + 1)), Some(&key)),
                ("certificate", "certificate_format"),
            ),
        ] {
            let (field, key) = fault(input);
            assert_eq!((field.as_str(), key.as_str()), expected);
        }
        let late = change(
            sent(Some(&chain), Some(&key)),
            true,
            false,
            "a.example",
            (i64::MAX, None),
        );
        assert_eq!(late.unwrap_err().violations[0].key, "certificate_expired");
        let automatic = change(sent(Some(&chain), Some(&key)), false, false, "a.example", (NOW, None));
        assert_eq!(automatic.unwrap_err().violations[0].key, "read_only");
    }

    #[test]
    fn a_key_beside_the_chain_does_not_count() {
        let ((chain, key), (_, stray)) = (made("a.example"), made("a.example"));
        let held = Held::read(&format!("{stray}{chain}"), &key, "a.example", NOW).unwrap();
        let first = PrivateKeyDer::from_pem_slice(held.pem.expose().as_bytes()).unwrap();
        assert_eq!(first, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap());
        assert!(!format!("{held:?}").contains(key.lines().nth(1).unwrap()), "T-33");
    }

    #[test]
    fn what_was_uploaded_stays_until_it_is_taken_away_or_the_name_changes() {
        let (chain, key) = made("a.example");
        let change = |input, renamed| {
            change(input, true, renamed, "a.example", (NOW, Some(7)))
                .unwrap()
                .parts()
        };
        let (patch, held) = change(sent(Some(&chain), Some(&key)), false);
        let patch = patch.unwrap();
        assert_eq!(
            (patch.cert_source.as_deref(), patch.cert_due_at),
            (Some("upload"), None)
        );
        assert!(held.is_some());
        assert!(change(Input::default(), false).0.is_none());
        let null = Input {
            certificate: Some(None),
            private_key: None,
        };
        for (input, renamed) in [(null, false), (Input::default(), true)] {
            let (patch, held) = change(input, renamed);
            let expected = CertificatePatch {
                cert_due_at: Some(7),
                ..CertificatePatch::default()
            };
            assert_eq!((patch, held.is_none()), (Some(expected), true));
        }
    }

    #[test]
    fn it_is_renewed_after_two_thirds_of_its_time_and_tried_again_ever_later() {
        let held = Held {
            pem: Secret::default(),
            version: String::new(),
            begins_at: 0,
            ends_at: 90 * 24 * 60 * MINUTE_MS,
        };
        let day = 24 * 60 * MINUTE_MS;
        for seed in 0..20 {
            let due = held.given(&SeededRng::new(seed)).cert_due_at.unwrap();
            assert!((57 * day..=60 * day).contains(&due), "{due}");
        }
        let mut row = super::super::domain::tests::custom_row();
        let mut last = 0;
        for _ in 0..8 {
            let patch = failed(&row, "no\nway", NOW, &SeededRng::new(1));
            assert_eq!(patch.cert_error.as_deref(), Some("noway"));
            let pause = patch.cert_due_at.unwrap() - NOW;
            assert!(pause >= last && pause <= 13 * 60 * MINUTE_MS, "{pause}");
            (last, row.cert_tries) = (pause, patch.cert_tries);
        }
        assert!(last >= 12 * 60 * MINUTE_MS);
    }

    #[test]
    fn the_state_tells_the_truth() {
        let mut row = super::super::domain::tests::custom_row();
        assert_eq!(
            (state(&row, false, NOW), state(&row, true, NOW)),
            ("unmanaged", "pending")
        );
        row.cert_error = Some("no".to_owned());
        assert_eq!(state(&row, true, NOW), "failed");
        row.cert_expires_at = Some(NOW + 1);
        assert_eq!(
            (state(&row, true, NOW), state(&row, true, NOW + 1)),
            ("valid", "expired")
        );
    }
}
