//! `gantry dev` with the example page, and who helps the people in front of it.

use reqwest::Method;
use reqwest::header::HOST;
use serde_json::{Value, json};

use super::chromium::Chromium;
use crate::common::{Api, PASSWORD, ROOT_KEY, Server, gantry, until};

/// What every test here stands on.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) api: Api,
    /// The example page, and the page of mails.
    pub(crate) example: String,
    pub(crate) mails: String,
    /// Where LoginRocket is.
    pub(crate) login: String,
    pub(crate) realm: String,
    _dir: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = gantry(dir.path(), &["dev", "--example=127.0.0.1:0"]);
        command.env("GANTRY_ROOT_API_KEY", ROOT_KEY);
        let mut server = Server::start(&command).await;
        server.process.line("The example page").await;
        let line = server.process.seen()[0].clone();
        let part = |name: &str| {
            let found = line.split(' ').find_map(|part| part.strip_prefix(name));
            found.unwrap_or_else(|| panic!("{name} in {line}")).to_owned()
        };
        let api = Api::at(&server.http);
        let realms = api.get("/v2/realms").await.expect(200);
        let port = server.http.rsplit(':').next().unwrap().to_owned();
        Self {
            example: part("example="),
            mails: part("mails="),
            login: format!("http://demo.localhost:{port}"),
            realm: realms["collection"][0]["id"].as_str().unwrap().to_owned(),
            api,
            server,
            _dir: dir,
        }
    }

    /// Calls the Core API for the realm.
    pub(crate) async fn core(&self, method: Method, path: &str, body: Value) -> Value {
        let call = self.api.root(method, path).header("Authrocket-Realm", &self.realm);
        let answer = self.api.send(call.json(&body)).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        serde_json::from_str(&answer.text).unwrap()
    }

    /// Signs somebody up beside the browser; answers with their id.
    pub(crate) async fn person(&self, email: &str) -> String {
        let body = json!({"email": email, "password": PASSWORD});
        let signup = self
            .api
            .anyone(Method::POST, "/v2/signup")
            .header(HOST, "demo.localhost");
        self.api.send(signup.json(&body)).await.expect(200);
        self.user(email).await["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn user(&self, email: &str) -> Value {
        self.core(Method::GET, &format!("/v2/users/{email}"), json!({})).await
    }

    /// Adds a user to another org; answers with its id.
    pub(crate) async fn join(&self, user: &Value, name: &str) -> String {
        let org = self
            .core(Method::POST, "/v2/orgs", json!({"org": {"name": name}}))
            .await;
        let membership = json!({"membership": {"user_id": user["id"], "org_id": org["id"]}});
        self.core(Method::POST, "/v2/memberships", membership).await;
        org["id"].as_str().unwrap().to_owned()
    }

    /// The link in the newest mail to an address whose link carries this.
    pub(crate) async fn link(&self, to: &str, carries: &str) -> String {
        until("a mail with a link", async || {
            let url = format!("{}.json?to={to}", self.mails);
            let mails: Value = self.api.client().get(url).send().await.unwrap().json().await.unwrap();
            let links = mails["mails"]
                .as_array()?
                .iter()
                .filter_map(|mail| mail["links"][0].as_str());
            links.into_iter().find(|link| link.contains(carries)).map(str::to_owned)
        })
        .await
    }

    /// Signs in at the example page, where its form is.
    pub(crate) async fn sign_in(&self, browser: &Chromium, email: &str, password: &str) {
        browser
            .submit("signin", &[("email", email), ("password", password)])
            .await;
    }

    pub(crate) async fn end(mut self) {
        self.server.stop().await;
    }
}
