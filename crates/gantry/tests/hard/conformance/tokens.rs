//! What is signed and given out: keys, login tokens at the realm's host, OAuth2 sessions (contract 2, 3.6, 3.12 and 4).

use serde_json::{Value, json};

use super::client::Client;
use super::parts::{PASSWORD, org, realm, served, session, shows, text, user};

/// Keys and what they sign.
pub(super) async fn all(client: &Client) {
    logins(client).await;
    keys(client).await;
    oauth2(client).await;
}

/// Checks a token as the libraries do: by the key that the host publishes under its `kid`, which is the realm's own.
async fn verified(host: &Client, token: &str) -> (String, Value) {
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let published = host.get("/connect/jwks", Value::Null).await.expect(200);
    let keys = published["keys"].as_array().unwrap();
    let jwk = keys.iter().find(|key| key["kid"] == kid).unwrap();
    shows(jwk, &json!({"kty": "RSA", "use": "sig", "alg": "RS256", "e": "AQAB"}));
    let key = serde_json::from_value(jwk.clone()).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(&key).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.validate_aud = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &rules).unwrap().claims;
    (jwk["x5c"][0].as_str().unwrap().to_owned(), claims)
}

/// A login at the host is worth the same to the back end.
async fn logins(client: &Client) {
    let (id, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let crew = org(&client, "Crew").await;
    let pair = json!({"membership": {"user_id": ana, "org_id": crew}});
    client.post("/v2/memberships", pair).await.made();
    let host = served(&client).await;
    let login = |password: &str| json!({"email": "Ana@Example.com", "password": password});
    let wrong = host.post("/v2/login", login("not this one")).await;
    assert_eq!(wrong.errors(422), ["Login failed"]);
    let full = host.post("/v2/login", login(PASSWORD)).await.expect(200);
    shows(&full, &json!({"result": "full_login", "account": crew}));
    let (x5c, claims) = verified(&host, text(&full, "token")).await;
    let expected = json!({"iss": "https://authrocket.com", "sub": ana, "rid": id, "sid": full["session"], "email": "ana@example.com"});
    shows(&claims, &expected);
    let shown = client.get(&format!("/v2/realms/{id}"), Value::Null).await.expect(200);
    let bare: String = text(&shown, "jwt_key")
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    assert_eq!(bare, x5c, "the published key is the realm's");

    let params = json!({"session": full["session"]});
    let again = host.get("/v2/session", params.clone()).await.expect(200);
    shows(&again, &json!({"result": "full_login", "session": full["session"]}));
    let path = format!("/v2/sessions/{}", text(&again, "token"));
    assert_eq!(client.get(&path, Value::Null).await.expect(200)["user_id"], json!(ana));
    shows(
        &host.delete("/v2/session", params.clone()).await.expect(200),
        &json!({"result": "okay"}),
    );
    host.get("/v2/session", params).await.errors(403);
    client.get(&path, Value::Null).await.errors(404);
}

/// Keys rotate without a gap.
async fn keys(client: &Client) {
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let host = served(&client).await;
    let published = async || {
        host.get("/connect/jwks", Value::Null).await.expect(200)["keys"]
            .as_array()
            .unwrap()
            .len()
    };
    let fresh = client.get("/v2/jwt_keys", Value::Null).await.items();
    assert_eq!((fresh.len(), published().await), (1, 1));
    shows(&fresh[0], &json!({"object": "jwt_key", "algo": "rs256", "use": "sig"}));
    let old = session(&client, &ana).await;
    let token = client.get(&old, json!({"expand": ["token"]})).await.expect(200);
    let old = format!("/v2/sessions/{}", text(&token, "token"));

    let (next, made) = client
        .post("/v2/jwt_keys", json!({"jwt_key": {"algo": "rs256"}}))
        .await
        .made();
    assert_eq!((published().await, &made["flags"]), (2, &json!(["next"])));
    let path = format!("/v2/jwt_keys/{next}");
    let signs = client.post(&format!("{path}/activate"), client.empty("jwt_key")).await;
    shows(&signs.expect(200), &json!({"id": next, "flags": ["current"]}));
    assert_eq!(client.get(&path, Value::Null).await.expect(200)["key"], made["key"]);
    let opened = client
        .post("/v2/sessions", json!({"session": {"user_id": ana}}))
        .await
        .made()
        .1;
    let token = text(&opened, "token");
    assert_eq!(
        jsonwebtoken::decode_header(token).unwrap().kid.as_deref(),
        Some(next.as_str())
    );
    client.get(&old, Value::Null).await.expect(200);

    let first = format!("/v2/jwt_keys/{}", text(&fresh[0], "id"));
    client.delete(&first, Value::Null).await.expect(200);
    client.get(&first, Value::Null).await.errors(404);
    client.get(&old, Value::Null).await.errors(404);
    assert_eq!(published().await, 1);
}

/// A code for an app, then tokens for the code.
async fn oauth2(client: &Client) {
    const BACK: &str = "https://shop.example/cb?a=b";
    let (_, client) = realm(client, json!({})).await;
    let (ana, _) = user(&client, "ana@example.com").await;
    let fields = json!({"client_type": "oauth2", "app_type": "web", "name": "Shop", "redirect_uris": [BACK]});
    let (app, made) = client
        .post("/v2/client_apps", json!({ "client_app": fields }))
        .await
        .made();
    let host = served(&client).await;
    let ask = json!({"client_app_id": app, "user_id": ana, "redirect_uri": BACK, "scopes": ["openid", "email"]});
    let asked = client
        .post("/v2/sessions/oauth2", json!({ "session": ask }))
        .await
        .expect(201);
    shows(&asked, &json!({"object": "oauth2_session", "redirect_uri": BACK}));
    let exchange =
        |secret: &Value| json!({"session": {"client_app_id": app, "client_app_secret": secret, "code": asked["code"]}});
    let path = "/v2/sessions/oauth2/code";
    client.post(path, exchange(&json!("another"))).await.errors(422);
    let given = client.post(path, exchange(&made["secret"])).await.expect(201);
    shows(&given, &json!({"token_type": "Bearer"}));
    let left = given["expires_in"].as_i64().unwrap();
    assert!(
        (3000..=3600).contains(&left) && given["expires_at"].is_number(),
        "{given}"
    );
    let (_, claims) = verified(&host, text(&given, "id_token")).await;
    shows(&claims, &json!({"sub": ana, "aud": app, "email": "ana@example.com"}));
    let access = format!("/v2/sessions/oauth2/{}", client.escaped(text(&given, "access_token")));
    let seen = client.get(&access, Value::Null).await.expect(200);
    shows(&seen["profile"], &json!({"sub": ana, "email": "ana@example.com"}));
    // A code that comes again ends what it gave.
    client.post(path, exchange(&made["secret"])).await.errors(422);
    client.get(&access, Value::Null).await.errors(404);
}
