//! A sign-in at an external provider, from the address that a browser is sent to until it is known whom the provider names.

use gantry_kernel::{RealmId, Reason, Secret};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use url::Url;

use super::claims::{self, Claims};
use super::discovery::Failed;
use super::endpoints::{Endpoints, Identity, discovered, setting, settled};
use super::id_token::{self, Expected};
use super::state::Settled;
use super::upstream::{self, Us};
use crate::error::Error;
use crate::rpc::create_auth_provider::CLIENT_SECRET;
use crate::rules::provider::DUMMY;
use crate::service::Auth;
use crate::store::ProviderRow;

/// What the dummy takes for a code or an access token.
const DUMMY_CODE: &str = "abcdefgh";

/// A sign-in that begins.
#[derive(Debug, Clone)]
pub(crate) struct Begin<'a> {
    pub(crate) realm: &'a RealmId,
    pub(crate) provider: &'a ProviderRow,
    pub(crate) redirect_uri: &'a str,
    /// The digest of the nonce that the caller binds it to.
    pub(crate) bound_to: Option<String>,
}

/// A sign-in at a provider that has ended well.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) claims: Claims,
    pub(crate) access_token: Secret,
    /// How long the access token is good, in seconds.
    pub(crate) expires_in: Option<u64>,
}

/// The address that a browser is sent to.
///
/// # Errors
/// [`Reason::Unavailable`] when the provider's issuer cannot say where it answers.
pub(crate) async fn auth_url(auth: &Auth, begin: &Begin<'_>) -> Result<String, Error> {
    let Begin {
        realm,
        provider,
        redirect_uri,
        bound_to,
    } = begin;
    let settled = Settled::new(
        &provider.id,
        redirect_uri,
        bound_to.clone(),
        &*auth.rng,
        auth.clock.now_ms(),
    );
    let state = settled.seal(&auth.vault, realm, &*auth.rng).ok_or(Reason::Internal)?;
    if provider.provider_type == DUMMY {
        return dummy_url(redirect_uri, &state);
    }
    let failed = |failed: Failed| unavailable(provider, failed);
    let endpoints = endpoints(auth, provider).await.map_err(failed)?;
    let us = Us {
        client_id: provider.client_id.clone().unwrap_or_default(),
        client_secret: None,
    };
    let client = upstream::client(&us, &endpoints, redirect_uri).map_err(failed)?;
    let verifier = PkceCodeVerifier::new(settled.verifier.clone());
    let mut asked = client
        .authorize_url(|| CsrfToken::new(state))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_scopes(
            endpoints
                .scopes
                .split_whitespace()
                .map(|scope| Scope::new(scope.to_owned())),
        );
    if matches!(endpoints.identity, Identity::IdToken { .. }) {
        asked = asked.add_extra_param("nonce", settled.oidc_nonce.clone());
    }
    let (url, _state) = asked.url();
    Ok(url.into())
}

/// Ends a sign-in with the code that the browser brought back.
pub(crate) async fn by_code(
    auth: &Auth,
    provider: &ProviderRow,
    settled: &Settled,
    code: &str,
) -> Result<Finished, Failed> {
    if provider.provider_type == DUMMY {
        return dummy(code);
    }
    let endpoints = endpoints(auth, provider).await?;
    let us = us(auth, provider)?;
    let egress = &auth.discovery.egress;
    let tokens = upstream::exchange(egress, &us, &endpoints, settled, code).await?;
    let mut claims = match &endpoints.identity {
        Identity::Profile => of_profile(auth, provider, &endpoints, &tokens.access).await?,
        Identity::IdToken { issuer, jwks } => {
            let token = tokens
                .id_token
                .as_deref()
                .ok_or(Failed::Refused("it sent no id token"))?;
            let kid = id_token::kid(token).map_err(Failed::Refused)?;
            let key = auth.discovery.key(jwks, kid.as_deref()).await?;
            let expected = Expected {
                issuer,
                client_id: &us.client_id,
                nonce: &settled.oidc_nonce,
                now: auth.clock.now_ms() / 1000,
            };
            let said = id_token::check(token, &key, expected).map_err(Failed::Refused)?;
            claims::of_oidc(&said).ok_or(Failed::Refused("its id token names nobody"))?
        }
    };
    if claims.email.is_none()
        && let (Identity::IdToken { .. }, Some(url)) = (&endpoints.identity, &endpoints.profile)
    {
        let profile = upstream::profile(egress, url, &tokens.access).await?;
        let told = claims::of_oidc(&profile).ok_or(Failed::Refused("its profile names nobody"))?;
        // The profile must be of the one whom the token names (OpenID Connect Core, 5.3.2).
        if told.id != claims.id {
            return Err(Failed::Refused("its profile is of somebody else"));
        }
        claims = told;
    }
    Ok(Finished {
        claims,
        access_token: tokens.access,
        expires_in: tokens.expires_in,
    })
}

/// Ends a sign-in that an application has done by itself, with the access token that it got.
pub(crate) async fn by_access_token(auth: &Auth, provider: &ProviderRow, access: Secret) -> Result<Finished, Failed> {
    if provider.provider_type == DUMMY {
        return dummy(access.expose());
    }
    let endpoints = endpoints(auth, provider).await?;
    let us = us(auth, provider)?;
    upstream::is_ours(&auth.discovery.egress, &us, endpoints.audience, &access).await?;
    let claims = of_profile(auth, provider, &endpoints, &access).await?;
    Ok(Finished {
        claims,
        access_token: access,
        expires_in: None,
    })
}

async fn of_profile(
    auth: &Auth,
    provider: &ProviderRow,
    endpoints: &Endpoints,
    access: &Secret,
) -> Result<Claims, Failed> {
    let egress = &auth.discovery.egress;
    let url = endpoints
        .profile
        .as_deref()
        .ok_or(Failed::Refused("it has no profiles"))?;
    let profile = upstream::profile(egress, url, access).await?;
    let read = match &endpoints.identity {
        Identity::IdToken { .. } => claims::of_oidc(&profile),
        Identity::Profile => claims::of_profile(provider, &profile),
    };
    let mut claims = read.ok_or(Failed::Refused("its profile names nobody"))?;
    // GitHub's profile shows an address that nobody has checked; its list says which are.
    if provider.provider_type == "github" {
        let list = upstream::profile(egress, &format!("{url}/emails"), access).await?;
        claims.email = claims::github_email(&list);
        claims.email_verified = claims.email.is_some();
    }
    Ok(claims)
}

/// Where a provider answers; an issuer is asked.
async fn endpoints(auth: &Auth, provider: &ProviderRow) -> Result<Endpoints, Failed> {
    if let Some(endpoints) = settled(provider) {
        return Ok(endpoints);
    }
    let issuer = setting(provider, "issuer").ok_or(Failed::Refused("it does not say where it is"))?;
    let told = auth.discovery.metadata(issuer).await?;
    Ok(discovered(provider, &told))
}

fn us(auth: &Auth, provider: &ProviderRow) -> Result<Us, Failed> {
    let open = |sealed: &String| {
        let bytes = auth.vault.open(CLIENT_SECRET, &provider.id, sealed)?;
        String::from_utf8(bytes.to_vec()).ok().map(Secret::new)
    };
    let client_secret = match &provider.client_secret {
        Some(sealed) => Some(open(sealed).ok_or(Failed::Away("its client secret does not open"))?),
        None => None,
    };
    Ok(Us {
        client_id: provider.client_id.clone().unwrap_or_default(),
        client_secret,
    })
}

/// Somebody for a developer's machine.
fn dummy(code: &str) -> Result<Finished, Failed> {
    if code != DUMMY_CODE {
        return Err(Failed::Refused("the dummy takes one code alone"));
    }
    Ok(Finished {
        claims: Claims {
            id: "dummy".to_owned(),
            email: Some("dummy@example.com".to_owned()),
            email_verified: true,
            first_name: Some("Dummy".to_owned()),
            last_name: Some("User".to_owned()),
        },
        access_token: Secret::new(DUMMY_CODE),
        expires_in: None,
    })
}

/// The dummy sends the browser back at once.
fn dummy_url(redirect_uri: &str, state: &str) -> Result<String, Error> {
    let mut url = Url::parse(redirect_uri).map_err(|_checked_before| Reason::Internal)?;
    url.query_pairs_mut()
        .append_pair("code", DUMMY_CODE)
        .append_pair("state", state);
    Ok(url.into())
}

/// Notes down that a provider is of no help now.
pub(crate) fn unavailable(provider: &ProviderRow, failed: Failed) -> Error {
    tracing::warn!(provider = provider.id, why = ?failed, "an external provider is of no help");
    Reason::Unavailable.into()
}
