//! How a realm lets its users in (contract 3.8): the two providers of every realm, password rules, and sign-in elsewhere.

use serde_json::{Value, json};
use url::Url;

use super::client::Client;
use super::parts::{realm, shows, text};

const BACK: &str = "https://my.app/back?keep=1&x=a%20b";
const NONCE: &str = "the caller's own+1";

/// Auth providers.
pub(super) async fn all(client: &Client) {
    both_of_a_fresh_realm(client).await;
    password_rules(client).await;
    addresses(client).await;
    by_code(client).await;
    by_token(client).await;
}

async fn both_of_a_fresh_realm(client: &Client) {
    let (id, client) = realm(client, json!({})).await;
    let both = client.get("/v2/auth_providers", Value::Null).await.items();
    assert_eq!(both.len(), 2);
    shows(
        &both[0],
        &json!({"object": "auth_provider", "provider_type": "password", "min_length": 8, "state": "active"}),
    );
    assert_eq!(both[1]["provider_type"], "totp");
    assert_ne!(both[1]["state"], "active");
    for provider in &both {
        for name in [text(provider, "id"), text(provider, "provider_type")] {
            let seen = client
                .without_realm()
                .get(&format!("/v2/auth_providers/{name}"), json!({"realm_id": id}))
                .await;
            assert_eq!(&seen.expect(200), provider);
        }
        // A refusal for the state of things is a 409 with messages (contract 1.6).
        let path = format!("/v2/auth_providers/{}", text(provider, "id"));
        assert!(!client.delete(&path, Value::Null).await.errors(409).is_empty());
    }
}

async fn password_rules(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let rules = json!({"min_length": 12, "required_chars": ["digit", "symbol"], "min_complexity": "medium"});
    let seen = client
        .put("/v2/auth_providers/password", json!({ "auth_provider": rules }))
        .await;
    shows(&seen.expect(200), &rules);
    for (password, status) in [("short-1", 422), ("long enough it is", 422), ("long enough 1 is", 201)] {
        let body = json!({"user": {"email": "ana@example.com", "password": password}});
        assert_eq!(client.post("/v2/users", body).await.status, status, "{password}");
    }
}

async fn add(client: &Client, provider: Value) -> Value {
    client
        .post("/v2/auth_providers", json!({ "auth_provider": provider }))
        .await
        .made()
        .1
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// Where browsers are sent: to the active external providers alone.
async fn addresses(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    for kind in ["google", "github", "slack"] {
        add(
            &client,
            json!({"provider_type": kind, "client_id": "id-1", "client_secret": "s3cret"}),
        )
        .await;
    }
    for (kind, state) in [("slack", "inactive"), ("totp", "active")] {
        let body = json!({"auth_provider": {"state": state}});
        client
            .put(&format!("/v2/auth_providers/{kind}"), body)
            .await
            .expect(200);
    }
    let params = json!({"redirect_uri": BACK, "nonce": NONCE});
    let all = client.get("/v2/auth_providers/authorize", params.clone()).await.items();
    let kinds: Vec<_> = all.iter().map(|one| text(one, "provider_type")).collect();
    assert_eq!(kinds, ["google", "github"]);
    for one in &all {
        for name in [text(one, "id"), text(one, "provider_type")] {
            let path = format!("/v2/auth_providers/{name}/authorize");
            let seen = client.get(&path, params.clone()).await.expect(200);
            shows(&seen, &json!({"id": one["id"], "provider_type": one["provider_type"]}));
            let url = text(&seen, "auth_url");
            assert!(
                url.starts_with("https://") && parameter(url, "state").is_some(),
                "{url}"
            );
            assert_eq!(parameter(url, "redirect_uri").as_deref(), Some(BACK));
        }
    }
    client
        .get("/v2/auth_providers/slack/authorize", params)
        .await
        .errors(404);
    client
        .get("/v2/auth_providers/google/authorize", Value::Null)
        .await
        .errors(422);
}

/// The flat body, and a failed try that burns nothing.
async fn by_code(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    add(&client, json!({"provider_type": "dummy"})).await;
    let params = json!({"redirect_uri": BACK, "nonce": NONCE});
    let asked = client
        .get("/v2/auth_providers/dummy/authorize", params)
        .await
        .expect(200);
    let state = parameter(text(&asked, "auth_url"), "state").unwrap();
    let body = |code: &str| json!({"code": code, "state": state, "nonce": NONCE, "request": {"ip": "203.0.113.7"}});
    let finish = async |body: Value| client.post("/v2/auth_providers/authorize", body).await;
    let failed = finish(body("invalid")).await.expect(422);
    assert_eq!(failed["errors"], json!(["Error validating code"]));
    assert!(text(&failed, "retry_url").starts_with("http"), "{failed}");
    let stranger = json!({"code": "abcdefgh", "state": state, "nonce": "another"});
    finish(stranger).await.errors(422);
    let session = finish(body("abcdefgh")).await.expect(201);
    assert_eq!(session["object"], "session");
    assert_eq!(text(&session, "token").split('.').count(), 3);
    let user = client
        .get(&format!("/v2/users/{}", text(&session, "user_id")), Value::Null)
        .await;
    shows(&user.expect(200), &json!({"email_verification": "verified"}));
    finish(body("abcdefgh")).await.errors(422);
}

async fn by_token(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let provider = add(&client, json!({"provider_type": "dummy"})).await;
    let mut users = Vec::new();
    for name in ["dummy", text(&provider, "id")] {
        let path = format!("/v2/auth_providers/{name}/authorize");
        client.post(&path, json!({"access_token": "invalid"})).await.errors(422);
        let session = client
            .post(&path, json!({"access_token": "abcdefgh"}))
            .await
            .expect(201);
        assert_eq!(session["object"], "session");
        users.push(session["user_id"].clone());
    }
    assert_eq!(users[0], users[1]);
}
