//! Where each kind of external provider answers, and what it wants to be asked.

use std::borrow::Cow;

use oauth2::AuthType;

use crate::store::ProviderRow;

/// How a provider says who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// By a signed id token (OpenID Connect Core), of this issuer, whose keys are here.
    IdToken { issuer: String, jwks: String },
    /// By a profile, which its own API tells to the holder of an access token.
    Profile,
}

/// How the audience of an access token is found out, which no profile tells (T-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Google's token information.
    Google,
    /// Facebook's token information.
    Facebook,
    /// GitHub's check of an application's token.
    GitHub,
    /// The operator's own provider: whatever it has issued is good.
    Own,
    /// Not at all: such tokens are of no use here.
    Unknown,
}

/// Where a provider answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) authorization: String,
    pub(crate) token: String,
    pub(crate) profile: Option<String>,
    pub(crate) identity: Identity,
    pub(crate) scopes: Cow<'static, str>,
    /// How Gantry shows the token endpoint who it is.
    pub(crate) client_auth: ClientAuth,
    pub(crate) audience: Audience,
}

/// How a client shows who it is (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientAuth {
    Basic,
    Body,
}

impl From<ClientAuth> for AuthType {
    fn from(how: ClientAuth) -> Self {
        match how {
            ClientAuth::Basic => Self::BasicAuth,
            ClientAuth::Body => Self::RequestBody,
        }
    }
}

/// What is known of a kind without asking anybody.
struct Known {
    authorization: &'static str,
    token: &'static str,
    profile: &'static str,
    /// Issuer and keys, where it speaks OpenID Connect.
    oidc: Option<(&'static str, &'static str)>,
    scopes: &'static str,
    client_auth: ClientAuth,
    audience: Audience,
}

fn known(provider_type: &str) -> Option<Known> {
    Some(match provider_type {
        "facebook" => Known {
            authorization: "https://www.facebook.com/v21.0/dialog/oauth",
            token: "https://graph.facebook.com/v21.0/oauth/access_token",
            profile: "https://graph.facebook.com/v21.0/me?fields=id,name,email,first_name,last_name",
            oidc: None,
            scopes: "email public_profile",
            client_auth: ClientAuth::Body,
            audience: Audience::Facebook,
        },
        "github" => Known {
            authorization: "https://github.com/login/oauth/authorize",
            token: "https://github.com/login/oauth/access_token",
            profile: "https://api.github.com/user",
            oidc: None,
            scopes: "read:user user:email",
            client_auth: ClientAuth::Body,
            audience: Audience::GitHub,
        },
        "google" => Known {
            authorization: "https://accounts.google.com/o/oauth2/v2/auth",
            token: "https://oauth2.googleapis.com/token",
            profile: "https://openidconnect.googleapis.com/v1/userinfo",
            oidc: Some((
                "https://accounts.google.com",
                "https://www.googleapis.com/oauth2/v3/certs",
            )),
            scopes: "openid email profile",
            client_auth: ClientAuth::Body,
            audience: Audience::Google,
        },
        "linkedin" => Known {
            authorization: "https://www.linkedin.com/oauth/v2/authorization",
            token: "https://www.linkedin.com/oauth/v2/accessToken",
            profile: "https://api.linkedin.com/v2/userinfo",
            oidc: Some((
                "https://www.linkedin.com/oauth",
                "https://www.linkedin.com/oauth/openid/jwks",
            )),
            scopes: "openid email profile",
            client_auth: ClientAuth::Body,
            audience: Audience::Unknown,
        },
        "slack" => Known {
            authorization: "https://slack.com/openid/connect/authorize",
            token: "https://slack.com/api/openid.connect.token",
            profile: "https://slack.com/api/openid.connect.userInfo",
            oidc: Some(("https://slack.com", "https://slack.com/openid/connect/keys")),
            scopes: "openid email profile",
            client_auth: ClientAuth::Body,
            audience: Audience::Unknown,
        },
        "yahoo" => Known {
            authorization: "https://api.login.yahoo.com/oauth2/request_auth",
            token: "https://api.login.yahoo.com/oauth2/get_token",
            profile: "https://api.login.yahoo.com/openid/v1/userinfo",
            oidc: Some((
                "https://api.login.yahoo.com",
                "https://api.login.yahoo.com/openid/v1/certs",
            )),
            scopes: "openid email profile",
            client_auth: ClientAuth::Basic,
            audience: Audience::Unknown,
        },
        _ => return None,
    })
}

/// What a provider was told about itself.
pub(crate) fn setting<'a>(provider: &'a ProviderRow, name: &str) -> Option<&'a str> {
    provider.external.0.get(name).and_then(|value| value.as_str())
}

/// Where a provider answers, as far as that is known without asking it. `None` when only its issuer can tell.
pub(crate) fn settled(provider: &ProviderRow) -> Option<Endpoints> {
    // An issuer that was named tells where everything is; what is known of the kind does not apply to it.
    if setting(provider, "issuer").is_some() {
        return None;
    }
    let own = |name: &str| setting(provider, name).map(str::to_owned);
    let Some(known) = known(&provider.provider_type) else {
        return Some(Endpoints {
            authorization: own("authorization_url")?,
            token: own("token_url")?,
            profile: own("profile_url"),
            identity: Identity::Profile,
            scopes: own("scopes").unwrap_or_default().into(),
            client_auth: ClientAuth::Basic,
            audience: Audience::Own,
        });
    };
    let identity = match known.oidc {
        Some((issuer, jwks)) => Identity::IdToken {
            issuer: issuer.to_owned(),
            jwks: jwks.to_owned(),
        },
        None => Identity::Profile,
    };
    Some(Endpoints {
        authorization: own("authorization_url").unwrap_or_else(|| known.authorization.to_owned()),
        token: own("token_url").unwrap_or_else(|| known.token.to_owned()),
        profile: Some(own("profile_url").unwrap_or_else(|| known.profile.to_owned())),
        identity,
        scopes: own("scopes").map_or(known.scopes.into(), Cow::from),
        client_auth: known.client_auth,
        audience: known.audience,
    })
}

/// Where a provider answers, as its issuer told; what the provider itself was told goes before that.
pub(crate) fn discovered(provider: &ProviderRow, told: &super::discovery::Metadata) -> Endpoints {
    let own = |name: &str, told: &str| setting(provider, name).unwrap_or(told).to_owned();
    let methods = &told.token_endpoint_auth_methods_supported;
    // Basic is what a provider offers that says nothing (OpenID Connect Discovery, 3).
    let basic = methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic");
    let profile = setting(provider, "profile_url").or(told.userinfo_endpoint.as_deref());
    Endpoints {
        authorization: own("authorization_url", &told.authorization_endpoint),
        token: own("token_url", &told.token_endpoint),
        profile: profile.map(str::to_owned),
        identity: Identity::IdToken {
            issuer: told.issuer.clone(),
            jwks: told.jwks_uri.clone(),
        },
        scopes: own("scopes", "openid email profile").into(),
        client_auth: if basic { ClientAuth::Basic } else { ClientAuth::Body },
        audience: Audience::Own,
    }
}

#[cfg(test)]
mod tests {
    use gantry_db::JsonText;
    use gantry_kernel::{Id, ProviderId, RealmId};
    use serde_json::json;

    use super::*;
    use crate::rules::provider::blank;

    fn provider(kind: &str, external: serde_json::Value) -> ProviderRow {
        ProviderRow {
            external: JsonText(external),
            ..blank(&ProviderId::from_bits(1), &RealmId::from_bits(1), kind, 1)
        }
    }

    #[test]
    fn every_named_kind_is_known_over_https() {
        for kind in ["facebook", "github", "google", "linkedin", "slack", "yahoo"] {
            let found = settled(&provider(kind, json!({}))).unwrap();
            for url in [&found.authorization, &found.token, found.profile.as_ref().unwrap()] {
                assert!(url.starts_with("https://"), "{kind} {url}");
            }
            let oidc = matches!(found.identity, Identity::IdToken { .. });
            assert_eq!(oidc, found.scopes.contains("openid"), "{kind}");
        }
    }

    #[test]
    fn what_a_provider_was_told_goes_before_what_is_known() {
        let told = json!({"token_url": "https://ghe.example/token", "scopes": "user"});
        let found = settled(&provider("github", told)).unwrap();
        assert_eq!(found.token, "https://ghe.example/token");
        assert_eq!(found.authorization, "https://github.com/login/oauth/authorize");
        assert_eq!(found.scopes, "user");
        // T-06: with an issuer of its own, Google's keys are worth nothing.
        let issuer = json!({"issuer": "https://login.example"});
        assert_eq!(settled(&provider("google", issuer)), None);
        assert_eq!(
            settled(&provider("oauth2", json!({"token_url": "https://a.example"}))),
            None
        );
    }
}
