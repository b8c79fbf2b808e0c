//! Gets and renews the certificates of custom domains.
//!
//! A proven domain is due at once, and again when two thirds of its certificate's time are over. Whichever process finds it due moves
//! it on first, so that no two ask for the same; one that is killed meanwhile is followed by another after some minutes.

mod authority;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use gantry_kernel::Reason;
use gantry_proto::auth::v2::Domain;
use gantry_telemetry::part_by_part;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use authority::Acme;
use authority::{Authority, Refused};

use crate::convert;
use crate::error::Error;
use crate::rules::certificate::{self, Held, ONE_TRY_MS, SERVED, purpose};
use crate::service::Auth;
use crate::store::DomainRow;

/// How often domains that are due are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Domains to a look, and how many of them are worked on at once.
const DOMAINS: i64 = 20;
const AT_ONCE: usize = 4;
/// How long one try may take.
const ONE_TRY: Duration = Duration::from_secs(300);

/// Who gives certificates, if anybody does.
#[derive(Clone, Default)]
pub(crate) struct Certificates {
    authority: Option<Arc<Authority>>,
    due: Arc<Notify>,
}

impl Certificates {
    pub(crate) fn new(acme: Option<Acme>) -> Self {
        Self {
            authority: acme.map(|acme| Arc::new(Authority::new(acme))),
            due: Arc::default(),
        }
    }

    /// When a domain that is proven now gets its certificate.
    pub(crate) fn due_at(&self, now: i64) -> Option<i64> {
        self.authority.is_some().then_some(now)
    }

    /// Says that a domain may be due.
    pub(crate) fn wake(&self) {
        self.due.notify_one();
    }
}

impl Auth {
    /// A domain as it is shown now.
    pub(crate) fn shown_domain(&self, row: DomainRow) -> Domain {
        convert::domain(row, self.certificates.authority.is_some(), self.clock.now_ms())
    }

    /// Seals a domain's certificate.
    pub(crate) fn sealed_certificate(&self, domain: &str, held: Option<&Held>) -> Result<Option<String>, Error> {
        let seal = |held: &Held| {
            let bytes = held.pem.expose().as_bytes();
            self.vault.seal(purpose(SERVED), domain, bytes, &*self.rng)
        };
        Ok(held.map(|held| seal(held).ok_or(Reason::Internal)).transpose()?)
    }
}

/// Gets certificates for domains that are due, until told to stop; where nobody gives any, it has nothing to do.
pub(crate) async fn keep(auth: Auth, stop: CancellationToken) {
    let Some(authority) = auth.certificates.authority.clone() else {
        return;
    };
    // Those that were proven before there was an authority.
    if let Err(error) = auth.store.begin_certificates(auth.clock.now_ms()).await {
        tracing::warn!(error = ?error, "domains proven before wait for their certificates until the next start");
    }
    let one_look = || async {
        work(&auth, &authority).await.unwrap_or_else(|error| {
            tracing::warn!(error = ?error, "certificates wait");
            false
        })
    };
    part_by_part(LOOK_EVERY, &auth.certificates.due, &stop, one_look).await;
}

/// Works on what is due, and tells whether there may be more.
async fn work(auth: &Auth, authority: &Authority) -> Result<bool, Error> {
    let now = auth.clock.now_ms();
    let due = auth.store.list_due_certificates(now, DOMAINS).await?;
    let more = i64::try_from(due.len()).is_ok_and(|found| found >= DOMAINS);
    let tries = due.into_iter().map(|row| one(auth, authority, row, now));
    let results: Vec<_> = stream::iter(tries).buffer_unordered(AT_ONCE).collect().await;
    // One that fails must not hold up the others.
    for error in results.into_iter().filter_map(Result::err) {
        tracing::warn!(error = ?error, "a certificate waits for another try");
    }
    Ok(more)
}

/// One try for one domain.
async fn one(auth: &Auth, authority: &Authority, row: DomainRow, now: i64) -> Result<(), Error> {
    let until = now.saturating_add(ONE_TRY_MS);
    if !auth.store.take_up_certificate(row.clone(), until).await? {
        return Ok(());
    }
    let tried = tokio::time::timeout(ONE_TRY, authority.obtain(auth, &row)).await;
    let tried = tried.unwrap_or_else(|_elapsed| Err(Refused::said("the authority took too long")));
    let now = auth.clock.now_ms();
    let read = tried.and_then(|(chain, key)| {
        let held = Held::read(&chain, key.expose(), &row.fqdn, now);
        held.map_err(|fault| Refused::said(format!("the authority gave what cannot be used: {}", fault.key)))
    });
    let (patch, sealed) = match &read {
        Ok(held) => {
            tracing::info!(domain = row.id, name = row.fqdn, "certificate given");
            (held.given(&*auth.rng), auth.sealed_certificate(&row.id, Some(held))?)
        }
        Err(refused) => {
            tracing::warn!(domain = row.id, name = row.fqdn, error = %refused, "no certificate was given");
            (certificate::failed(&row, &refused.to_string(), now, &*auth.rng), None)
        }
    };
    if !auth.store.end_certificate(row, patch, sealed).await? {
        tracing::info!("a domain changed while its certificate was asked for");
    }
    Ok(())
}
