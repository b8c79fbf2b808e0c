//! Signing in at somebody else's login server, as a browser and a back end do it together.

use gantry_config::Config;
use reqwest::Method;
use reqwest::header::LOCATION;
use serde_json::{Value, json};
use url::Url;

use super::idp::{CLIENT_ID, CLIENT_SECRET, Idp};
use super::{App, Reply, TestRealm};

/// Where the browser comes back to.
pub(crate) const BACK: &str = "https://app.example/back?keep=1";
/// What binds a sign-in to the session of the caller's own user.
pub(crate) const NONCE: &str = "the caller's own";

/// Lets Gantry call servers on this machine.
pub(crate) fn reach_loopback(config: &mut Config) {
    config.egress.allow = vec!["127.0.0.0/8".parse().unwrap()];
    config.egress.allow_http = true;
}

/// What a browser brings back.
#[derive(Debug, Clone)]
pub(crate) struct Brought {
    pub(crate) code: String,
    pub(crate) state: String,
}

/// A parameter of a query.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

impl TestRealm<'_> {
    /// Adds a provider that stands behind an issuer.
    pub(crate) async fn oidc(&self, idp: &Idp) -> Value {
        let settings = json!({"provider_type": "oauth2", "issuer": idp.issuer()});
        self.external(settings).await
    }

    /// Adds an external provider that knows Gantry.
    pub(crate) async fn external(&self, mut settings: Value) -> Value {
        settings["client_id"] = json!(CLIENT_ID);
        settings["client_secret"] = json!(CLIENT_SECRET);
        let body = json!({ "auth_provider": settings });
        self.create("/v2/auth_providers", body).await.expect(201)
    }

    /// Asks where a browser is sent.
    pub(crate) async fn ask(&self, provider: &Value) -> Reply {
        let path = format!("/v2/auth_providers/{}/authorize", provider["id"].as_str().unwrap());
        let query = [("redirect_uri", BACK), ("nonce", NONCE)];
        self.app.send(self.core(Method::GET, &path).query(&query)).await
    }

    /// Sends a browser to a provider, where it is sent back at once.
    pub(crate) async fn browse(&self, provider: &Value) -> Brought {
        let asked = self.ask(provider).await.expect(200);
        self.follow(asked["auth_url"].as_str().unwrap()).await
    }

    /// Follows an address as a browser does, up to the way back.
    pub(crate) async fn follow(&self, auth_url: &str) -> Brought {
        let answer = self.app.client.get(auth_url).send().await.unwrap();
        let back = answer
            .headers()
            .get(LOCATION)
            .map(|url| url.to_str().unwrap().to_owned());
        let back = match back {
            Some(back) => back,
            None => panic!("{}", answer.text().await.unwrap()),
        };
        assert!(back.starts_with(BACK), "{back}");
        Brought {
            code: parameter(&back, "code").unwrap(),
            state: parameter(&back, "state").unwrap(),
        }
    }

    /// Hands what the browser brought back to Gantry.
    pub(crate) async fn bring(&self, brought: &Brought) -> Reply {
        let body = json!({"code": brought.code, "state": brought.state, "nonce": NONCE});
        self.create("/v2/auth_providers/authorize", body).await
    }

    /// A whole sign-in.
    pub(crate) async fn sign_in_at(&self, provider: &Value) -> Reply {
        let brought = self.browse(provider).await;
        self.bring(&brought).await
    }
}

/// Gantry that reaches this machine, with a login server on it.
pub(crate) async fn with_idp() -> (App, Idp) {
    let app = App::start_with(reach_loopback).await;
    let idp = Idp::start(&app.clock).await;
    (app, idp)
}
