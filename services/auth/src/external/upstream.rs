//! Calls to an external provider: a code is exchanged for tokens, and a token for a profile.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gantry_egress::Egress;
use gantry_kernel::Secret;
use http::{Request, header};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardRevocableToken, StandardTokenResponse,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::discovery::{self, Failed};
use super::endpoints::{Audience, Endpoints};
use super::state::Settled;

/// What OpenID Connect adds to a token endpoint's answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WithIdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for WithIdToken {}

type OAuth<HasAuthUrl = EndpointNotSet, HasTokenUrl = EndpointNotSet> = Client<
    BasicErrorResponse,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    HasAuthUrl,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    HasTokenUrl,
>;

/// Gantry as a provider knows it.
#[derive(Debug)]
pub(crate) struct Us {
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Secret>,
}

/// What a provider gives for a code.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    pub(crate) id_token: Option<String>,
    /// How long the access token is good, in seconds.
    pub(crate) expires_in: Option<u64>,
}

/// A client for a provider, with the redirect address of one sign-in.
pub(crate) fn client(
    us: &Us,
    endpoints: &Endpoints,
    redirect_uri: &str,
) -> Result<OAuth<EndpointSet, EndpointSet>, Failed> {
    let unfit = |_invalid: url::ParseError| Failed::Refused("its addresses cannot be read");
    let client = OAuth::new(ClientId::new(us.client_id.clone()))
        .set_auth_type(endpoints.client_auth.into())
        .set_auth_uri(AuthUrl::new(endpoints.authorization.clone()).map_err(unfit)?)
        .set_token_uri(TokenUrl::new(endpoints.token.clone()).map_err(unfit)?)
        .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).map_err(unfit)?);
    Ok(match &us.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
        None => client,
    })
}

/// Exchanges a code for tokens, with the verifier of this very sign-in (RFC 7636).
pub(crate) async fn exchange(
    egress: &Egress,
    us: &Us,
    endpoints: &Endpoints,
    settled: &Settled,
    code: &str,
) -> Result<Tokens, Failed> {
    let send = |request: HttpRequest| {
        let egress = egress.clone();
        async move { egress.send(request).await }
    };
    let client = client(us, endpoints, &settled.redirect_uri)?;
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(settled.verifier.clone()))
        .request_async(&send)
        .await;
    let tokens = answer.map_err(|error| match error {
        RequestTokenError::Request(error) => Failed::from(error),
        RequestTokenError::ServerResponse(_) => Failed::Refused("it does not take the code"),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Failed::Refused("its tokens cannot be read"),
    })?;
    Ok(Tokens {
        access: Secret::new(tokens.access_token().secret().clone()),
        id_token: tokens.extra_fields().id_token.clone(),
        expires_in: tokens.expires_in().map(|time| time.as_secs()),
    })
}

/// The profile that an access token opens.
pub(crate) async fn profile(egress: &Egress, url: &str, access: &Secret) -> Result<Value, Failed> {
    discovery::get(egress, url, Some(access.expose())).await
}

/// Checks that an access token was issued to us: otherwise whoever runs another application could sign in here as each of its users
/// (T-06).
pub(crate) async fn is_ours(egress: &Egress, us: &Us, audience: Audience, access: &Secret) -> Result<(), Failed> {
    let secret = us.client_secret.as_ref().map_or("", Secret::expose);
    let (told, holds) = match audience {
        Audience::Own => return Ok(()),
        Audience::Unknown => return Err(Failed::Refused("it does not tell for whom an access token is")),
        Audience::Google => {
            let url = with_query(
                "https://oauth2.googleapis.com/tokeninfo",
                &[("access_token", access.expose())],
            );
            (discovery::get(egress, &url, None).await?, Path::Aud)
        }
        Audience::Facebook => {
            let own = format!("{}|{secret}", us.client_id);
            let query = [("input_token", access.expose()), ("access_token", own.as_str())];
            let url = with_query("https://graph.facebook.com/v21.0/debug_token", &query);
            (discovery::get(egress, &url, None).await?, Path::AppId)
        }
        Audience::GitHub => {
            let basic = STANDARD.encode(format!("{}:{secret}", us.client_id));
            let request = Request::post(format!("https://api.github.com/applications/{}/token", us.client_id))
                .header(header::AUTHORIZATION, format!("Basic {basic}"))
                .header(header::ACCEPT, "application/json")
                .body(json!({"access_token": access.expose()}).to_string().into_bytes());
            let request = request.map_err(|_invalid| Failed::Refused("it cannot be asked with these credentials"))?;
            (discovery::json(egress.send(request).await?)?, Path::ClientId)
        }
    };
    match issued_to(&told, holds) == Some(us.client_id.as_str()) {
        true => Ok(()),
        false => Err(Failed::Refused("its access token was issued to somebody else")),
    }
}

/// Where an answer tells whom a token was issued to.
#[derive(Debug, Clone, Copy)]
enum Path {
    Aud,
    AppId,
    ClientId,
}

fn issued_to(told: &Value, path: Path) -> Option<&str> {
    match path {
        Path::Aud => told.get("aud")?.as_str(),
        Path::AppId => {
            let data = told.get("data")?;
            let valid = data.get("is_valid")?.as_bool()?;
            data.get("app_id")?.as_str().filter(|_| valid)
        }
        Path::ClientId => told.pointer("/app/client_id")?.as_str(),
    }
}

fn with_query(url: &str, query: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("{url}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_06_a_token_says_whom_it_was_issued_to() {
        let facebook = |valid: bool| json!({"data": {"app_id": "us", "is_valid": valid}});
        for (told, path, to) in [
            (json!({"aud": "us"}), Path::Aud, Some("us")),
            (json!({"azp": "us"}), Path::Aud, None),
            (facebook(true), Path::AppId, Some("us")),
            (facebook(false), Path::AppId, None),
            (json!({"app_id": "us"}), Path::AppId, None),
            (json!({"app": {"client_id": "us"}}), Path::ClientId, Some("us")),
            (json!({"message": "Not Found"}), Path::ClientId, None),
        ] {
            assert_eq!(issued_to(&told, path), to, "{told}");
        }
    }

    #[test]
    fn a_query_is_escaped() {
        assert_eq!(
            with_query("https://a.b/c", &[("x", "1&y=2 ")]),
            "https://a.b/c?x=1%26y%3D2+"
        );
    }
}
