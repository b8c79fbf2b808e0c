//! Whom a sign-in at an external provider signs in here (contract 3.8; T-05, T-25).

use gantry_db::StoreError;
use gantry_kernel::{Email, Problem, RealmId, Reason, Secret, UserId, Violation};
use gantry_seal::Purpose;

use super::cause::Cause;
use super::login::Known;
use super::password::PasswordRules;
use super::{credential, factor, user};
use crate::carry_out::at_once;
use crate::error::Error;
use crate::external::{Begin, Claims, Finished, Opened, auth_url, by_access_token, by_code, open_state};
use crate::service::Auth;
use crate::store::{CredentialRow, ExternalLogin, ProviderRow, UserRow};

/// Seals the access tokens that external providers give out.
pub(crate) const ACCESS_TOKEN: Purpose = Purpose::new("provider access token");
/// The longest code, state or access token that is looked at.
const LONGEST: usize = 16 * 1024;

/// Signs somebody in by the code that a browser brought back from a provider.
///
/// A code that is wrong leaves the state as it was: the browser may try again, at the address that the error names.
pub(crate) async fn finish(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    code: &str,
    state: &str,
    nonce: Option<&str>,
) -> Result<Known, Error> {
    let refused = || Problem::field("state", "state_invalid");
    let now = auth.clock.now_ms();
    let opened = open_state(&auth.vault, realm, state, now).filter(|opened| opened.settled.is_bound_to(nonce));
    let opened: Opened = opened.ok_or_else(refused)?;
    let provider = auth
        .store
        .find_provider(realm.as_str().to_owned(), opened.settled.provider.clone())
        .await?;
    // A provider that was switched off meanwhile stops at once.
    let provider = provider
        .filter(|provider| provider.state == "active")
        .ok_or_else(refused)?;
    if auth.store.is_state_used(opened.id.clone()).await? {
        return Err(refused().into());
    }
    let finished = match by_code(auth, &provider, &opened.settled, code).await {
        Ok(finished) => finished,
        Err(failed) => {
            tracing::info!(provider = provider.id, why = ?failed, "a sign-in at an external provider failed");
            return Err(failed_code(auth, realm, &provider, &opened).await);
        }
    };
    let used = Some((opened.id, opened.settled.expires_at));
    sign_in(auth, cause, realm, &provider, finished, used).await
}

/// The answer to a code that is not good: what is wrong, and where to try again.
async fn failed_code(auth: &Auth, realm: &RealmId, provider: &ProviderRow, opened: &Opened) -> Error {
    let begin = Begin {
        realm,
        provider,
        redirect_uri: &opened.settled.redirect_uri,
        bound_to: opened.settled.bound_to.clone(),
    };
    let problem = Problem::field("code", "external_code");
    match auth_url(auth, &begin).await {
        Ok(url) => problem.retry_url(url).into(),
        // Without an issuer that answers there is no such address.
        Err(_away) => problem.into(),
    }
}

/// Signs somebody in by an access token that an application got from a provider by itself.
pub(crate) async fn finish_with_token(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    provider: &ProviderRow,
    access: Secret,
) -> Result<Known, Error> {
    let finished = by_access_token(auth, provider, access).await.map_err(|failed| {
        tracing::info!(provider = provider.id, why = ?failed, "an access token of an external provider was refused");
        Problem::field("access_token", "external_token")
    })?;
    sign_in(auth, cause, realm, provider, finished, None).await
}

async fn sign_in(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    provider: &ProviderRow,
    finished: Finished,
    state: Option<(String, i64)>,
) -> Result<Known, Error> {
    let login = login(auth, cause, realm, provider, finished, state)?;
    let found = match auth.store.external_sign_in(login.clone(), auth.ids.clone()).await {
        // Somebody else made the user at the same moment: now there is one.
        Err(StoreError::Duplicate { .. }) => auth.store.external_sign_in(login, auth.ids.clone()).await,
        other => other,
    };
    let found = found?;
    auth.relay.wake();
    if let Some(task) = found.task {
        // Before the new session is opened, which must not end with the others.
        at_once(auth, task).await;
    }
    if found.user.state != "active" {
        let mut event = auth.event(realm, "user.login.failed", cause);
        event.user_id = Some(found.user.id);
        event.auth_provider_id = Some(provider.id.clone());
        auth.store.add_event(auth.store.holder(), vec![event]).await?;
        auth.relay.wake();
        return Err(Reason::LoginFailed.into());
    }
    Ok(Known {
        second_factor: factor::is_asked(auth, realm, &found.user.id).await?,
        user: found.user,
    })
}

/// What is to be found, tied or made.
fn login(
    auth: &Auth,
    cause: &Cause,
    realm: &RealmId,
    provider: &ProviderRow,
    finished: Finished,
    state: Option<(String, i64)>,
) -> Result<ExternalLogin, Error> {
    let now = auth.clock.now_ms();
    let user = fresh_user(auth, realm, &finished.claims, now)?;
    let mut credential: CredentialRow = credential::row(&auth.ids, &user.id, provider, String::new(), now);
    // The name of the row that the token is sealed for, since a later token of the same user comes with another.
    credential.secret.clone_from(&credential.id);
    let sealed = auth.vault.seal(
        ACCESS_TOKEN,
        &credential.id,
        finished.access_token.expose().as_bytes(),
        &*auth.rng,
    );
    credential.access_token = Some(sealed.ok_or(Reason::Internal)?);
    let lifetime = finished.expires_in.and_then(|seconds| i64::try_from(seconds).ok());
    credential.token_expires_at = lifetime.map(|seconds| now.saturating_add(seconds.saturating_mul(1000)));
    credential.provider_user_id = Some(finished.claims.id);
    let mut event = auth.event(realm, "user.created", cause);
    event.user_id = Some(user.id.clone());
    event.auth_provider_id = Some(provider.id.clone());
    Ok(ExternalLogin {
        state,
        email_verified: finished.claims.email_verified,
        user,
        credential,
        cause: cause.clone(),
        holder: auth.store.holder(),
        events: vec![event],
    })
}

/// The access token that came of a user's last sign-in; `None`, and a line in the log, when it does not open.
pub(crate) fn access_token(auth: &Auth, row: &CredentialRow) -> Option<Secret> {
    let sealed = row.access_token.as_ref()?;
    let opened = auth.vault.open(ACCESS_TOKEN, &row.secret, sealed);
    if opened.is_none() {
        tracing::error!(
            credential = row.id,
            "an access token does not open: is secret_key the one it was sealed with?"
        );
    }
    String::from_utf8(opened?.to_vec()).ok().map(Secret::new)
}

/// The user who is made where there is none. A provider must tell an address (contract 3.8).
fn fresh_user(auth: &Auth, realm: &RealmId, claims: &Claims, now: i64) -> Result<UserRow, Problem> {
    let told = claims.email.as_deref().and_then(Email::parse);
    let email = told.ok_or_else(|| Problem::invalid(vec![Violation::new("email", "external_no_email")]))?;
    let verification = if claims.email_verified { "verified" } else { "none" };
    let input = user::Input {
        email: Some(email.into_string()),
        first_name: claims.first_name.clone(),
        last_name: claims.last_name.clone(),
        email_verification: Some(verification.to_owned()),
        ..user::Input::default()
    };
    let id: UserId = auth.ids.id();
    Ok(user::new(input, &id, realm, &PasswordRules::default(), now)?.row)
}

/// Checks the redirect address that a sign-in shall come back to: absolute, of the web, and without anything that programs read
/// differently (T-24). Whether it is the application's own, the provider knows, with whom it is registered.
pub(crate) fn redirect_uri(sent: Option<String>) -> Result<String, Problem> {
    let uri = sent.unwrap_or_default();
    if uri.is_empty() {
        return Err(Problem::field("redirect_uri", "required"));
    }
    let rest = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    let good = !authority.is_empty()
        && !authority.contains('@')
        && uri.len() <= 2048
        && !uri.contains(['#', '\\'])
        && uri.chars().all(|c| c.is_ascii_graphic())
        && url::Url::parse(&uri).is_ok_and(|url| url.has_host());
    match good {
        true => Ok(uri),
        false => Err(Problem::field("redirect_uri", "url_format")),
    }
}

/// A text that a browser or a provider made; nothing longer than such texts are is looked at.
pub(crate) fn bounded(field: &str, sent: Option<String>) -> Result<String, Problem> {
    match sent.filter(|text| !text.is_empty()) {
        None => Err(Problem::field(field, "required")),
        Some(text) if text.len() > LONGEST => Err(Problem::invalid(vec![
            Violation::new(field, "too_long").with("max", LONGEST),
        ])),
        Some(text) => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_24_a_sign_in_comes_back_to_a_plain_address_of_the_web() {
        for good in [
            "https://app.example/cb",
            "http://localhost:3000/cb?x=1",
            "https://app.example",
            "http://127.0.0.1:4000/",
        ] {
            assert_eq!(redirect_uri(Some(good.to_owned())), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "/cb",
            "//evil.example",
            "javascript:alert(1)",
            "javascript://x/%0aalert(1)",
            "data:text/html,x",
            "myapp://cb",
            "https://good@evil.example/",
            "https://good.example#@evil.example",
            "https://good.example\\@evil.example",
            "https://",
            "https:///x",
            "https://a b.example",
            "https://a.example/\r\nx",
            "https://[::1",
        ] {
            assert!(redirect_uri(Some(bad.to_owned())).is_err(), "{bad}");
        }
        assert!(redirect_uri(None).is_err());
        assert!(redirect_uri(Some(format!("https://a.example/{}", "x".repeat(2048)))).is_err());
    }
}
