//! A certified OpenID Connect provider in a process of its own, and people with browsers who sign in there.

use std::collections::BTreeMap;

use gantry_kernel::{Clock, SystemClock};
use gantry_testkit::process::Process;
use gantry_testkit::servers;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use url::Url;

use super::external::{BACK, Brought, parameter};
use super::idp::{CLIENT_ID, CLIENT_SECRET};
use super::{App, TestRealm};

/// The provider, as long as this lives. It goes by the machine's clock.
pub(crate) struct OidcProvider {
    pub(crate) issuer: String,
    _process: Process,
}

impl OidcProvider {
    /// Starts one that tells e-mail and name in the profile alone, as the standard has it.
    pub(crate) async fn start(accounts: Value) -> Self {
        Self::start_with(accounts, false).await
    }

    /// The same, or one that tells them in the id token too.
    pub(crate) async fn start_with(accounts: Value, in_id_token: bool) -> Self {
        let options = json!({
            "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": BACK,
            "accounts": accounts, "in_id_token": in_id_token,
        });
        let mut process = Process::start(servers::oidc_provider().arg(options.to_string()));
        let issuer = process.line("issuer ").await.split_off("issuer ".len());
        Self {
            issuer,
            _process: process,
        }
    }

    /// Adds it to a realm, whose Gantry is brought to the machine's time.
    pub(crate) async fn join(&self, realm: &TestRealm<'_>) -> Value {
        let clock = &realm.app.clock;
        clock.advance_ms(SystemClock::default().now_ms() - clock.now_ms());
        let settings = json!({"provider_type": "oauth2", "issuer": self.issuer});
        realm.external(settings).await
    }
}

/// Somebody with an account at the provider, and a browser that keeps cookies by their name and path (RFC 6265).
pub(crate) struct Person<'a> {
    app: &'a App,
    account: &'static str,
    cookies: BTreeMap<(String, String), String>,
    /// How often they were asked to sign in or to agree.
    pub(crate) asked: u32,
}

impl<'a> Person<'a> {
    pub(crate) fn new(app: &'a App, account: &'static str) -> Self {
        Self {
            app,
            account,
            cookies: BTreeMap::new(),
            asked: 0,
        }
    }

    /// Begins a sign-in in a realm, and comes back with what it takes to end it.
    pub(crate) async fn browse(&mut self, realm: &TestRealm<'_>, provider: &Value) -> Brought {
        let asked = realm.ask(provider).await.expect(200);
        let back = self.follow(asked["auth_url"].as_str().unwrap()).await;
        Brought {
            code: parameter(&back, "code").unwrap_or_else(|| panic!("{back}")),
            state: parameter(&back, "state").unwrap(),
        }
    }

    /// Follows an address up to the way back, signing in and agreeing where that is asked.
    pub(crate) async fn follow(&mut self, address: &str) -> String {
        let mut url = Url::parse(address).unwrap();
        for _ in 0..10 {
            let request = match url.path().starts_with("/interaction/") {
                true => {
                    self.asked += 1;
                    self.app.client.post(url.clone()).form(&[("account", self.account)])
                }
                false => self.app.client.get(url.clone()),
            };
            let answer = request.header(COOKIE, self.sent_to(&url)).send().await.unwrap();
            let told = answer.headers().get_all(SET_COOKIE).iter();
            let told: Vec<_> = told.map(|cookie| cookie.to_str().unwrap().to_owned()).collect();
            told.iter().for_each(|cookie| self.keep(cookie));
            let to = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
            let to = match to {
                Some(to) => url.join(&to).unwrap(),
                None => panic!("{url}: {}", answer.text().await.unwrap()),
            };
            if to.as_str().starts_with(BACK) {
                return to.into();
            }
            url = to;
        }
        panic!("sent from one place to the other, at last to {url}")
    }

    fn sent_to(&self, url: &Url) -> String {
        let sent = self
            .cookies
            .iter()
            .filter(|((_, path), _)| url.path().starts_with(path.as_str()));
        let sent: Vec<_> = sent.map(|((name, _), value)| format!("{name}={value}")).collect();
        sent.join("; ")
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let path = parts.find_map(|part| part.strip_prefix("path=")).unwrap_or("/");
        let key = (name.to_owned(), path.to_owned());
        match value {
            "" => drop(self.cookies.remove(&key)),
            value => drop(self.cookies.insert(key, value.to_owned())),
        }
    }
}
