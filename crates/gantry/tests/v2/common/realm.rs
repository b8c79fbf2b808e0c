//! A realm that serves, and those who come to its host.

use reqwest::header::HOST;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{App, Reply};

/// The password of every test user.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A realm with a LoginRocket host.
pub(crate) struct TestRealm<'a> {
    pub(crate) app: &'a App,
    pub(crate) id: String,
    pub(crate) host: String,
}

impl TestRealm<'_> {
    /// Anybody at the realm's host.
    pub(crate) fn anyone(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.anyone(method, path).header(HOST, &self.host)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.app.send(self.anyone(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.app.send(self.anyone(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.app.send(self.anyone(Method::POST, path).json(&body)).await
    }

    /// Adds a user with the password of all test users.
    pub(crate) async fn user(&self, email: &str) -> Value {
        let body = json!({"realm_id": self.id, "user": {"email": email, "password": PASSWORD}});
        self.app.post("/v2/users", body).await.expect(201)
    }

    pub(crate) async fn org(&self, name: &str) -> Value {
        self.app
            .post("/v2/orgs", json!({"realm_id": self.id, "org": {"name": name}}))
            .await
            .expect(201)
    }

    pub(crate) async fn join(&self, user: &Value, org: &Value) -> Value {
        let membership = json!({"user_id": user["id"], "org_id": org["id"]});
        self.app
            .post(
                "/v2/memberships",
                json!({"realm_id": self.id, "membership": membership}),
            )
            .await
            .expect(201)
    }

    pub(crate) async fn login(&self, email: &str) -> Reply {
        self.post("/v2/login", json!({"email": email, "password": PASSWORD}))
            .await
    }
}
