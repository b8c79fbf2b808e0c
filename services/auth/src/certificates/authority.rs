//! A certificate authority (RFC 8555), asked to look at the HTTPS listener itself (RFC 8737): what answers for the name there holds
//! what the authority asks for, through whichever gateway it comes.

use std::path::PathBuf;
use std::time::Duration;

use gantry_kernel::Secret;
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, ExternalAccountKey, Identifier, NewAccount,
    NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use tokio::sync::Mutex;

use crate::rules::certificate::{CHALLENGE, purpose};
use crate::service::Auth;
use crate::store::DomainRow;
use gantry_seal::Purpose;

/// What the vault seals accounts for.
const ACCOUNT: Purpose = Purpose::new("acme account");
/// How an authority says that it does not know the account (RFC 8555 section 6.7).
const UNKNOWN_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";
/// How long an authority may take to look, or to make a certificate.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(90));

/// Which authority gives certificates, and who asks.
#[derive(Debug, Clone)]
pub struct Acme {
    /// The address of its directory.
    pub directory: String,
    /// Where it may write to: an e-mail address.
    pub contact: Option<String>,
    /// PEM: the root by which the authority's own HTTPS is known, where the system does not know it.
    pub ca: Option<PathBuf>,
    /// The name and the key of the customer that the account belongs to (RFC 8555 section 7.3.4).
    pub customer: Option<(String, Secret)>,
}

/// Why there is no certificate, for whoever manages the domain.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refused(String);

impl Refused {
    pub(super) fn said(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl From<instant_acme::Error> for Refused {
    fn from(error: instant_acme::Error) -> Self {
        match error {
            instant_acme::Error::Api(problem) => Self(problem.to_string()),
            instant_acme::Error::Timeout(_) => Self::said("the authority took too long"),
            error => {
                tracing::warn!(%error, "the certificate authority cannot be asked");
                Self::said("the authority cannot be reached")
            }
        }
    }
}

/// What is asked of the database and the vault fails for reasons of ours.
fn ours<E: std::fmt::Debug>(error: E) -> Refused {
    tracing::error!(error = ?error, "a certificate could not be asked for");
    Refused::said("the certificate could not be asked for")
}

/// An authority, and this installation's account there.
pub(super) struct Authority {
    acme: Acme,
    account: Mutex<Option<Account>>,
}

impl Authority {
    pub(super) fn new(acme: Acme) -> Self {
        Self {
            acme,
            account: Mutex::default(),
        }
    }

    /// Gets a certificate for a domain's name: its chain and its key, as PEM.
    pub(super) async fn obtain(&self, auth: &Auth, row: &DomainRow) -> Result<(String, Secret), Refused> {
        let names = [Identifier::Dns(row.fqdn.clone())];
        let account = self.account(auth).await?;
        let mut order = match account.new_order(&NewOrder::new(&names)).await {
            Err(instant_acme::Error::Api(problem)) if problem.r#type.as_deref() == Some(UNKNOWN_ACCOUNT) => {
                self.forget(auth).await?;
                self.account(auth).await?.new_order(&NewOrder::new(&names)).await?
            }
            order => order?,
        };
        prove(auth, row, &mut order).await?;
        if order.poll_ready(&PATIENCE).await? != OrderStatus::Ready {
            return Err(why_not(&mut order).await);
        }
        let key = Secret::new(order.finalize().await?);
        Ok((order.poll_certificate(&PATIENCE).await?, key))
    }

    /// The account: the one in use, the one that is kept, or a new one.
    async fn account(&self, auth: &Auth) -> Result<Account, Refused> {
        let mut known = self.account.lock().await;
        if let Some(account) = &*known {
            return Ok(account.clone());
        }
        let directory = &self.acme.directory;
        let kept = auth.store.find_acme_account(directory.clone()).await.map_err(ours)?;
        let kept = match kept {
            Some(kept) => kept,
            None => {
                let sealed = self.register(auth).await?;
                let added = auth.store.add_acme_account(directory.clone(), sealed);
                added.await.map_err(ours)?
            }
        };
        let opened = auth.vault.open(ACCOUNT, directory, &kept);
        let opened = opened.ok_or_else(|| ours("the account was sealed with another secret key"))?;
        let credentials: AccountCredentials = serde_json::from_slice(&opened).map_err(ours)?;
        let account = self.builder()?.from_credentials(credentials).await?;
        Ok(known.insert(account).clone())
    }

    /// Makes an account, and seals what it is used with.
    async fn register(&self, auth: &Auth) -> Result<String, Refused> {
        let contact = self.acme.contact.as_ref().map(|address| format!("mailto:{address}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let asked = NewAccount {
            contact: &contact,
            // Configuration says so, or there would be no authority.
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let customer = self.acme.customer.as_ref();
        let customer = customer.map(|(name, key)| customer_key(name, key)).transpose()?;
        let directory = self.acme.directory.clone();
        let (_, credentials) = self.builder()?.create(&asked, directory, customer.as_ref()).await?;
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&credentials).map_err(ours)?);
        let sealed = auth.vault.seal(ACCOUNT, &self.acme.directory, &bytes, &*auth.rng);
        sealed.ok_or_else(|| ours("the account cannot be sealed"))
    }

    /// Forgets an account that the authority does not know.
    async fn forget(&self, auth: &Auth) -> Result<(), Refused> {
        *self.account.lock().await = None;
        let directory = self.acme.directory.clone();
        if let Some(kept) = auth.store.find_acme_account(directory.clone()).await.map_err(ours)? {
            auth.store.remove_acme_account(directory, kept).await.map_err(ours)?;
        }
        Ok(())
    }

    fn builder(&self) -> Result<instant_acme::AccountBuilder, Refused> {
        Ok(match &self.acme.ca {
            Some(path) => Account::builder_with_root(path)?,
            None => Account::builder()?,
        })
    }
}

/// Reads the key of a customer, which authorities give out in base64url.
fn customer_key(name: &str, key: &Secret) -> Result<ExternalAccountKey, Refused> {
    use base64::Engine;
    let key = key.expose().trim().trim_end_matches('=');
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(key);
    let bytes = bytes.map_err(|_damaged| Refused::said("acme.eab_key is no base64url"))?;
    Ok(ExternalAccountKey::new(name.to_owned(), &bytes))
}

/// Shows the authority what it asks for.
async fn prove(auth: &Auth, row: &DomainRow, order: &mut Order) -> Result<(), Refused> {
    let mut asked = order.authorizations();
    while let Some(authorization) = asked.next().await {
        let mut authorization = authorization?;
        if authorization.status != AuthorizationStatus::Pending {
            continue;
        }
        let challenge = authorization.challenge(ChallengeType::TlsAlpn01);
        let mut challenge =
            challenge.ok_or_else(|| Refused::said("the authority does not look by TLS (tls-alpn-01)"))?;
        let pem = shown(&row.fqdn, challenge.key_authorization().digest().as_ref()).map_err(ours)?;
        let sealed = auth
            .vault
            .seal(purpose(CHALLENGE), &row.id, pem.expose().as_bytes(), &*auth.rng);
        let sealed = sealed.ok_or_else(|| ours("what is shown cannot be sealed"))?;
        auth.store.set_challenge(row.id.clone(), sealed).await.map_err(ours)?;
        challenge.set_ready().await?;
    }
    Ok(())
}

/// The certificate that the authority looks for (RFC 8737 section 3): of the name alone, and with the digest that it asked for.
fn shown(name: &str, digest: &[u8]) -> Result<Secret, rcgen::Error> {
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(Secret::new(format!("{}{}", key.serialize_pem(), certificate.pem())))
}

/// Why an order was refused, in the authority's words.
async fn why_not(order: &mut Order) -> Refused {
    let mut looked = order.authorizations();
    while let Some(Ok(authorization)) = looked.next().await {
        let words = authorization
            .challenges
            .iter()
            .find_map(|challenge| challenge.error.as_ref());
        if let Some(words) = words {
            return Refused(words.to_string());
        }
    }
    let words = order.state().error.as_ref().map(ToString::to_string);
    Refused(words.unwrap_or_else(|| "the authority refused without a word".to_owned()))
}
