//! Signing in by mail: the browser that asks, and what its mail brings.

use serde_json::{Value, json};

use super::{PASSWORD, Reply, TestRealm};

/// A mail that was asked for, with what the browser holds that asked.
#[derive(Debug, Clone)]
pub(crate) struct ByMail {
    /// What a code needs beside it; null where there are no codes.
    pub(crate) handle: Value,
    /// The token of the link.
    pub(crate) link: Option<String>,
    pub(crate) code: Option<String>,
}

impl ByMail {
    /// What the text of an event brings.
    fn of(handle: Value, text: &str) -> Self {
        let mut parts = text.splitn(3, ':');
        let (word, name) = (parts.next().unwrap(), parts.next().unwrap());
        Self {
            handle,
            link: (word == "tml").then(|| format!("{word}:{name}")),
            code: parts.next().map(str::to_owned),
        }
    }

    /// What the page sends that the link leads to.
    pub(crate) fn by_link(&self) -> Value {
        json!({ "token": self.link })
    }

    /// What the page sends that the code is typed into.
    pub(crate) fn by_code(&self) -> Value {
        json!({ "token": self.handle, "code": self.code })
    }

    /// What it sends when the code is typed wrong.
    pub(crate) fn by_wrong_code(&self) -> Value {
        json!({ "token": self.handle, "code": self.wrong() })
    }

    /// A code that is another.
    pub(crate) fn wrong(&self) -> String {
        let code: u64 = self.code.as_deref().unwrap_or("0").parse().unwrap();
        format!("{:08}", (code + 1) % 100_000_000)
    }
}

impl TestRealm<'_> {
    /// Asks for a mail.
    pub(crate) async fn ask_for_mail(&self, who: &str) -> Reply {
        self.post("/v2/login/email", json!({ "email": who })).await
    }

    /// Asks for a mail to a user, and reads it.
    pub(crate) async fn mail_to(&self, who: &str) -> ByMail {
        let reply = self.ask_for_mail(who).await;
        let asked = reply.expect(200);
        let text = self.app.mailed(&self.id, &reply, "user.login.requested").await;
        ByMail::of(asked.get("token").cloned().unwrap_or_default(), &text)
    }

    /// Signs in by what a mail brought.
    pub(crate) async fn enter(&self, body: Value) -> Reply {
        self.post("/v2/login/email/verify", body).await
    }

    /// A user whose address was shown to be theirs, with the password of all test users.
    pub(crate) async fn verified(&self, email: &str) -> Value {
        let user = json!({"email": email, "password": PASSWORD, "email_verification": "verified"});
        self.create("/v2/users", json!({ "user": user })).await.expect(201)
    }
}
