//! Passkeys at a realm's host (ADR 11).

use gantry_testkit::passkey::{Manner, SoftPasskey};
use serde_json::{Value, json};

use super::client::Client;
use super::parts::{PASSWORD, realm, served, shows, text, user};

const PAGE: &str = "https://app.example.com";

/// Adds a passkey, signs in with it, and ends it.
pub(super) async fn all(client: &Client) {
    let (_, client) = realm(client, json!({"allowed_origins": [PAGE]})).await;
    let provider = json!({"auth_provider": {"provider_type": "passkey", "rp_id": "example.com"}});
    client.post("/v2/auth_providers", provider).await.expect(201);
    user(&client, "ana@example.com").await;
    let host = served(&client).await;
    let login = json!({"email": "ana@example.com", "password": PASSWORD});
    let login = host.post("/v2/login", login).await.expect(200);
    let session = text(&login, "session");

    let begun = host
        .post("/v2/passkeys/register/start", json!({ "session": session }))
        .await
        .expect(200);
    let (mut key, made) = SoftPasskey::make(&begun["options"], &Manner::at(PAGE)).unwrap();
    let finish = json!({"session": session, "ceremony": begun["ceremony"], "credential": made, "name": "Laptop"});
    let added = host
        .post("/v2/passkeys/register/finish", finish.clone())
        .await
        .expect(201);
    shows(&added["passkey"], &json!({"object": "passkey", "name": "Laptop"}));
    host.post("/v2/passkeys/register/finish", finish).await.errors(422);
    let own = host
        .get("/v2/passkeys", json!({ "session": session }))
        .await
        .expect(200);
    assert_eq!(own["collection"], json!([added["passkey"]]));

    let begun = host.post("/v2/login/passkey/start", Value::Null).await.expect(200);
    let signed = key.sign(&begun["options"], &Manner::at(PAGE)).unwrap();
    let finish = json!({"ceremony": begun["ceremony"], "credential": signed});
    let login = host.post("/v2/login/passkey/finish", finish.clone()).await.expect(200);
    shows(&login, &json!({"result": "full_login"}));
    host.post("/v2/login/passkey/finish", finish).await.errors(422);

    let path = format!("/v2/passkeys/{}", text(&added["passkey"], "id"));
    let gone = host.delete(&path, json!({ "session": session })).await;
    assert_eq!(gone.expect(200), json!({"result": "okay"}));
    host.delete(&path, json!({ "session": session })).await.errors(404);
}
