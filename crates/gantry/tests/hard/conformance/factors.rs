//! What users show to be who they are: passwords, authenticator apps, and the second step (contract 3.7 and 3.2).

use gantry_kernel::{Clock, SystemClock};
use serde_json::{Value, json};

use super::client::Client;
use super::parts::{PASSWORD, logs_in, realm, served, shows, text, user};
use crate::common::totp;

/// Credentials and second factors.
pub(super) async fn all(client: &Client) {
    passwords(client).await;
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let phone = phone(&client, &ana).await;
    second_step(&client, &phone).await;
    recovery(&client).await;
    without(&client, &ana).await;
}

async fn passwords(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (ana, made) = user(&client, "ana@example.com").await;
    let path = format!("/v2/credentials/{}", text(&made["credentials"][0], "id"));
    let expected = json!({"object": "credential", "user_id": ana, "credential_type": "password"});
    shows(&client.get(&path, Value::Null).await.expect(200), &expected);
    let change = json!({"credential": {"password": "another long password"}});
    shows(&client.put(&path, change).await.expect(200), &expected);
    client
        .put(&path, json!({"credential": {"password": "short"}}))
        .await
        .errors(422);
    assert!(logs_in(&client, "ana@example.com", "another long password").await);
    // The only password may go too.
    client.delete(&path, Value::Null).await.expect(200);
    client.get(&path, Value::Null).await.errors(404);
    let left = client.get(&format!("/v2/users/{ana}"), Value::Null).await.expect(200);
    assert_eq!(left["credentials"], json!([]));
    assert!(!logs_in(&client, "ana@example.com", "another long password").await);
}

/// A user's authenticator app, whose code of this moment has been used.
struct Phone {
    secret: Vec<u8>,
    /// When it was verified, in Unix seconds.
    at: u64,
}

impl Phone {
    fn code(&self, later: u64) -> String {
        totp::code(&self.secret, self.at + later)
    }

    /// A code that it shows at no time near.
    fn wrong(&self) -> String {
        let near: Vec<_> = (0..8)
            .map(|step| self.code(step * 30))
            .chain([totp::code(&self.secret, self.at - 30)])
            .collect();
        let mut guesses = (0..10).map(|digit| digit.to_string().repeat(6));
        guesses.find(|guess| !near.contains(guess)).unwrap()
    }
}

/// Sets an authenticator app up.
async fn phone(client: &Client, user: &str) -> Phone {
    let on = json!({"auth_provider": {"state": "active"}});
    let provider = client.put("/v2/auth_providers/totp", on).await.expect(200);
    let fields =
        json!({"user_id": user, "auth_provider_id": provider["id"], "credential_type": "totp", "name": "Phone"});
    let (id, made) = client
        .post("/v2/credentials", json!({ "credential": fields }))
        .await
        .made();
    assert!(id.starts_with("crd_"), "{id}");
    shows(&made, &fields);
    shows(&made, &json!({"object": "credential", "state": "new"}));
    assert!(text(&made, "provisioning_uri").starts_with("otpauth://totp/"));
    assert!(text(&made, "provisioning_svg").contains("<svg"));
    let phone = Phone {
        secret: totp::secret(text(&made, "otp_secret")),
        at: u64::try_from(SystemClock::new().now_ms() / 1000).unwrap(),
    };
    // It asks for nothing before a code of it was verified.
    assert_eq!(half(client).await["object"], "session");
    let path = format!("/v2/credentials/{id}");
    let verify = async |code: String| {
        let body = json!({"credential": {"code": code}});
        client.post(&format!("{path}/verify"), body).await
    };
    assert_eq!(verify(phone.wrong()).await.errors(422), ["Verification failed"]);
    shows(
        &verify(phone.code(0)).await.expect(200),
        &json!({"id": id, "state": "active"}),
    );
    let seen = client.get(&path, Value::Null).await.expect(200);
    for name in ["otp_secret", "provisioning_uri", "provisioning_svg"] {
        assert!(seen.get(name).is_none(), "{seen}");
    }
    phone
}

/// What the right password is answered with.
async fn half(client: &Client) -> Value {
    let body = json!({"user": {"password": PASSWORD}});
    let path = format!("/v2/users/{}/authenticate", client.escaped("ana@example.com"));
    client.post(&path, body).await.expect(201)
}

async fn second_step(client: &Client, phone: &Phone) {
    let half = half(client).await;
    let token = text(&half, "token");
    assert!(half["object"] == "token" && token.starts_with("tmf:"), "{half}");
    let finish = async |code: String| {
        let body = json!({"user": {"token": token, "code": code}, "request": {"ip": "203.0.113.7"}});
        client.post("/v2/users/authenticate_token", body).await
    };
    assert_eq!(finish(phone.wrong()).await.errors(422), ["Verification failed"]);
    // The code of the verification has been used.
    finish(phone.code(0)).await.errors(422);
    let session = finish(phone.code(30)).await.expect(201);
    shows(&session, &json!({"object": "session", "user_id": half["user_id"]}));
    assert_eq!(text(&session, "token").split('.').count(), 3);
    finish(phone.code(30)).await.errors(422);
}

/// Codes for who has lost the phone, here at the realm's host.
async fn recovery(client: &Client) {
    let path = format!(
        "/v2/users/{}/generate_recovery_codes",
        client.escaped("ana@example.com")
    );
    let made = client.post(&path, Value::Null).await.expect(201);
    let code = made["codes"][0].clone();
    // PHP names the user beside the token.
    let half_way = half(client).await;
    let path = format!("/v2/users/{}/authenticate_token", text(&half_way, "user_id"));
    let finish = json!({"user": {"token": half_way["token"], "code": made["codes"][1]}});
    let session = client.post(&path, finish).await.expect(201);
    shows(&session, &json!({"object": "session", "user_id": half_way["user_id"]}));
    let host = served(client).await;
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    let half = host.post("/v2/login", login).await.expect(200);
    shows(&half, &json!({"result": "mfa_required", "mfa_types": ["totp"]}));
    let verify = |code: &Value| json!({"token": half["token"], "code": code});
    host.post("/v2/login/verify", verify(&json!("nonsense")))
        .await
        .errors(422);
    let full = host.post("/v2/login/verify", verify(&code)).await.expect(200);
    assert_eq!(full["result"], "full_login");
}

/// Without the app the password is enough again.
async fn without(client: &Client, user: &str) {
    let path = format!("/v2/users/{user}");
    let seen = client.get(&path, Value::Null).await.expect(200);
    let credentials = seen["credentials"].as_array().unwrap().iter();
    let phone = credentials
        .clone()
        .find(|one| one["credential_type"] == "totp")
        .unwrap();
    client
        .delete(&format!("/v2/credentials/{}", text(phone, "id")), Value::Null)
        .await
        .expect(200);
    assert_eq!(half(client).await["object"], "session");
}
