//! People at a realm's own host, and the tokens that their mails carry.

use reqwest::Method;
use serde_json::{Value, json};

use super::{App, PASSWORD, Reply, TestRealm};

impl App {
    /// The event of a type that a call caused, or that followed from it.
    pub(crate) async fn event_of(&self, realm: &str, request_id: &str, event_type: &str) -> Value {
        let mut count = 1;
        loop {
            let found = self.events(realm, request_id, count).await;
            if let Some(event) = found.iter().find(|event| event["event_type"] == event_type) {
                return event.clone();
            }
            count = found.len() + 1;
        }
    }

    /// The token of which the mail of an event is made.
    pub(crate) async fn mailed(&self, realm: &str, reply: &Reply, event_type: &str) -> String {
        let event = self.event_of(realm, reply.request_id(), event_type).await;
        event["token"].as_str().unwrap_or_else(|| panic!("{event}")).to_owned()
    }
}

impl TestRealm<'_> {
    /// Changes something at the realm's host.
    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.app.send(self.anyone(Method::PUT, path).json(&body)).await
    }

    /// Signs somebody up with an address and the password of all test users.
    pub(crate) async fn sign_up(&self, email: &str) -> Reply {
        self.post("/v2/signup", json!({"email": email, "password": PASSWORD}))
            .await
    }

    /// The key of a new session of a user with the password of all test users.
    pub(crate) async fn session_of(&self, email: &str) -> String {
        let login = self.login(email).await.expect(200);
        login["session"].as_str().unwrap().to_owned()
    }

    /// How a session is answered now.
    pub(crate) async fn look(&self, session: &str) -> Reply {
        self.get(&format!("/v2/session?session={session}")).await
    }

    /// A user as the Core API shows them.
    pub(crate) async fn shown(&self, who: &str) -> Value {
        self.read(&format!("/v2/users/{who}")).await.expect(200)
    }

    /// Invites an address, and tells the token that its mail carries.
    pub(crate) async fn invite(&self, invitation: Value) -> String {
        let made = self
            .create("/v2/invitations", json!({ "invitation": invitation }))
            .await
            .expect(201);
        made["token"].as_str().unwrap().to_owned()
    }
}
