//! People with passkeys.

use gantry_testkit::passkey::{Manner, SoftPasskey};
use serde_json::{Value, json};

use super::{Reply, TestRealm};

/// A page where the passkeys of these tests are used.
pub(crate) const PAGE: &str = "https://app.example.com";
/// The domain that they are for.
pub(crate) const DOMAIN: &str = "example.com";

/// Each lie that a browser or an authenticator may tell, one at a time; `other` is what the client data call the other ceremony.
pub(crate) fn lies(other: &str) -> [Manner; 14] {
    let truth = || Manner::at(PAGE);
    [
        Manner::at("https://evil.example"),
        Manner::at("https://badexample.com"),
        Manner::at("https://app.example.com.evil.example"),
        Manner::at("https://other.example.com"),
        Manner::at("http://app.example.com"),
        Manner::at("https://app.example.com:8443"),
        Manner::at("null"),
        Manner {
            rp_id: Some("app.example.com".to_owned()),
            ..truth()
        },
        Manner {
            rp_id: Some("evil.example".to_owned()),
            ..truth()
        },
        Manner {
            challenge: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            ..truth()
        },
        Manner {
            kind: Some(other.to_owned()),
            ..truth()
        },
        Manner {
            present: false,
            ..truth()
        },
        Manner {
            verified: false,
            ..truth()
        },
        Manner {
            cross_origin: true,
            ..truth()
        },
    ]
}

impl TestRealm<'_> {
    /// Has the realm take passkeys, at [`PAGE`]; tells the provider.
    pub(crate) async fn takes_passkeys(&self) -> Value {
        let path = format!("/v2/realms/{}", self.id);
        self.change(&path, json!({"realm": {"allowed_origins": [PAGE]}}))
            .await
            .expect(200);
        let provider = json!({"provider_type": "passkey", "rp_id": DOMAIN});
        self.create("/v2/auth_providers", json!({ "auth_provider": provider }))
            .await
            .expect(201)
    }

    /// Begins to add a passkey.
    pub(crate) async fn begin_passkey(&self, session: &str) -> Value {
        let begun = self.post("/v2/passkeys/register/start", json!({ "session": session }));
        begun.await.expect(200)
    }

    /// Hands over what a browser made.
    pub(crate) async fn finish_passkey(&self, session: &str, begun: &Value, credential: Value) -> Reply {
        let body =
            json!({"session": session, "ceremony": begun["ceremony"], "credential": credential, "name": "Laptop"});
        self.post("/v2/passkeys/register/finish", body).await
    }

    /// Adds a passkey to whoever holds a session.
    pub(crate) async fn add_passkey(&self, session: &str) -> (SoftPasskey, Value) {
        let begun = self.begin_passkey(session).await;
        let (key, credential) = SoftPasskey::make(&begun["options"], &Manner::at(PAGE)).unwrap();
        let added = self.finish_passkey(session, &begun, credential).await.expect(201);
        (key, added["passkey"].clone())
    }

    /// A user with a session and a passkey.
    pub(crate) async fn with_passkey(&self, email: &str) -> (Value, String, SoftPasskey) {
        let user = self.user(email).await;
        let session = self.session_of(email).await;
        let (key, _) = self.add_passkey(&session).await;
        (user, session, key)
    }

    /// Begins to sign in.
    pub(crate) async fn begin_login(&self) -> Value {
        self.post("/v2/login/passkey/start", json!({})).await.expect(200)
    }

    /// Hands over what a browser signed.
    pub(crate) async fn finish_login(&self, begun: &Value, credential: Value) -> Reply {
        let body = json!({"ceremony": begun["ceremony"], "credential": credential});
        self.post("/v2/login/passkey/finish", body).await
    }

    /// Signs in with a passkey, in some manner.
    pub(crate) async fn sign_in_with(&self, key: &mut SoftPasskey, manner: &Manner) -> Reply {
        let begun = self.begin_login().await;
        let signed = key.sign(&begun["options"], manner).unwrap();
        self.finish_login(&begun, signed).await
    }
}
