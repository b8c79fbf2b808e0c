//! Second factors: an authenticator app in a test's hand.

use gantry_kernel::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::{App, PASSWORD, Reply, TestRealm, totp};

/// An authenticator app that was set up with a user's secret.
pub(crate) struct Authenticator {
    pub(crate) id: String,
    pub(crate) secret: Vec<u8>,
}

impl Authenticator {
    /// An app that scanned what a new credential shows.
    pub(crate) fn of(credential: &Value) -> Self {
        Self {
            id: credential["id"].as_str().unwrap().to_owned(),
            secret: totp::secret(credential["otp_secret"].as_str().unwrap()),
        }
    }

    /// The code that it shows now.
    pub(crate) fn code(&self, app: &App) -> String {
        self.code_later(app, 0)
    }

    /// The code that it shows some seconds from now.
    pub(crate) fn code_later(&self, app: &App, seconds: i64) -> String {
        let now = u64::try_from(app.clock.now_ms() / 1000 + seconds).unwrap();
        totp::code(&self.secret, now)
    }

    /// A code that it will not show for a long while.
    pub(crate) fn wrong(&self, app: &App) -> String {
        let near: Vec<_> = [-60, -30, 0, 30, 60].map(|at| self.code_later(app, at)).into();
        let guesses = ["000000", "111111", "222222", "333333", "444444", "555555"];
        let wrong = guesses.iter().find(|guess| !near.iter().any(|code| code == *guess));
        (*wrong.unwrap()).to_owned()
    }
}

impl TestRealm<'_> {
    /// Changes over the Core API.
    pub(crate) async fn change(&self, path: &str, body: Value) -> Reply {
        self.app.send(self.core(Method::PUT, path).json(&body)).await
    }

    /// Deletes over the Core API.
    pub(crate) async fn remove(&self, path: &str) -> Reply {
        self.app.send(self.core(Method::DELETE, path)).await
    }

    /// Switches an auth provider on or off.
    pub(crate) async fn switch(&self, provider: &str, state: &str) {
        let path = format!("/v2/auth_providers/{provider}");
        let body = json!({"auth_provider": {"state": state}});
        self.change(&path, body).await.expect(200);
    }

    /// A new authenticator app of a user, no code of which was verified.
    pub(crate) async fn new_totp(&self, user: &Value) -> Value {
        let credential = json!({"user_id": user["id"], "credential_type": "totp", "name": "Phone"});
        let body = json!({ "credential": credential });
        self.create("/v2/credentials", body).await.expect(201)
    }

    /// An authenticator app that counts; its next code is unused.
    pub(crate) async fn authenticator(&self, user: &Value) -> Authenticator {
        self.switch("totp", "active").await;
        let app = Authenticator::of(&self.new_totp(user).await);
        self.verify(&app.id, &app.code(self.app)).await.expect(200);
        self.app.clock.advance_ms(30_000);
        app
    }

    /// Verifies a code of a credential.
    pub(crate) async fn verify(&self, credential: &str, code: &str) -> Reply {
        let path = format!("/v2/credentials/{credential}/verify");
        self.create(&path, json!({"credential": {"code": code}})).await
    }

    /// Checks the password of all test users over the Core API.
    pub(crate) async fn authenticate(&self, who: &str) -> Reply {
        let path = format!("/v2/users/{who}/authenticate");
        self.create(&path, json!({"user": {"password": PASSWORD}})).await
    }

    /// The token that a login gets whose second factor is still to come.
    pub(crate) async fn half(&self, who: &str) -> String {
        let token = self.authenticate(who).await.expect(201);
        token["token"].as_str().unwrap().to_owned()
    }

    /// Finishes a login with a second factor over the Core API.
    pub(crate) async fn finish(&self, token: &str, code: &str) -> Reply {
        let body = json!({"user": {"token": token, "code": code}});
        self.create("/v2/users/authenticate_token", body).await
    }
}
