//! What users do and what is done to them (contract 3.2), named by their e-mail address as each library escapes it.

use serde_json::{Value, json};

use super::client::Client;
use super::parts::{PASSWORD, logs_in, realm, session, shows, text, user};
use crate::common::until;

const OTHER: &str = "another long password";
const EMAIL: &str = "ana+test@example.com";

/// All actions of users.
pub(super) async fn all(client: &Client) {
    passwords(client).await;
    settings(client).await;
    addresses(client).await;
    new_addresses(client).await;
    resets(client).await;
    lists(client).await;
}

/// A realm with a user: its client, the user's path and id.
async fn somebody(client: &Client) -> (Client, String, String) {
    let (_, client) = realm(client, json!({})).await;
    let (id, _) = user(&client, EMAIL).await;
    let path = format!("/v2/users/{}", client.escaped(EMAIL));
    (client, path, id)
}

async fn passwords(client: &Client) {
    let (client, path, id) = somebody(client).await;
    let session = session(&client, &id).await;
    let path = format!("{path}/update_password");
    let change = |current: &str, new: &str, again: &str| json!({"user": {"current_password": current, "password": new, "password_confirmation": again}});
    let wrong = client.put(&path, change(OTHER, OTHER, OTHER)).await;
    assert_eq!(wrong.errors(422), ["Current password does not match"]);
    client.put(&path, change(PASSWORD, OTHER, PASSWORD)).await.errors(422);
    client.put(&path, change(PASSWORD, "short", "short")).await.errors(422);
    let seen = client.put(&path, change(PASSWORD, OTHER, OTHER)).await.expect(200);
    shows(&seen, &json!({"object": "user", "id": id}));
    assert!(logs_in(&client, EMAIL, OTHER).await);
    // All sessions stay, unless the call says otherwise.
    client.get(&session, Value::Null).await.expect(200);
    let mut none = change(OTHER, PASSWORD, PASSWORD);
    none["user"]["keep_sessions"] = json!("none");
    client.put(&path, none).await.expect(200);
    client.get(&session, Value::Null).await.errors(404);
}

async fn settings(client: &Client) {
    let (client, path, id) = somebody(client).await;
    let profile = json!({"first_name": "Ana", "last_name": "Ruiz Ñ", "username": "Ana.R"});
    let body = json!({"user": profile, "request": {"ip": "203.0.113.7", "client": "Tests/1"}});
    let seen = client.put(&format!("{path}/profile"), body).await.expect(200);
    shows(
        &seen,
        &json!({"id": id, "first_name": "Ana", "last_name": "Ruiz Ñ", "name": "Ana Ruiz Ñ", "email": EMAIL}),
    );
    client.get("/v2/users/ana.r", Value::Null).await.expect(200);
    // A password that a back end sets ends the sessions.
    let session = session(&client, &id).await;
    let password = json!({"user": {"password": OTHER, "password_confirmation": OTHER}});
    client.put(&path, password).await.expect(200);
    client.get(&session, Value::Null).await.errors(404);
    assert!(logs_in(&client, "ana.r", OTHER).await);
    // Who is switched off cannot log in, and looks like one with a wrong password.
    let off = client
        .put(&path, json!({"user": {"state": "inactive"}}))
        .await
        .expect(200);
    shows(&off, &json!({"state": "inactive", "last_name": "Ruiz Ñ"}));
    let body = json!({"user": {"password": OTHER}});
    let refused = client.post(&format!("{path}/authenticate"), body).await;
    assert_eq!(refused.errors(422), ["Login failed"]);
    // Messages come in the caller's language.
    let wrong = json!({"user": {"email": "nonsense"}});
    let english = client.put(&path, wrong.clone()).await.errors(422);
    for locale in ["es", "ja"] {
        assert_ne!(
            client.speaking(locale).put(&path, wrong.clone()).await.errors(422),
            english
        );
    }
}

async fn addresses(client: &Client) {
    let (client, path, id) = somebody(client).await;
    let asked = client
        .post(&format!("{path}/request_email_verification"), Value::Null)
        .await;
    let asked = asked.expect(201);
    shows(&asked, &json!({"object": "token", "user_id": id}));
    let token = text(&asked, "token");
    assert!(token.starts_with("tve:"), "{asked}");
    let seen = client.get(&path, Value::Null).await.expect(200);
    assert_eq!(seen["email_verification"], "requested");
    // A token is for one purpose.
    let reset = json!({"user": {"token": token, "password": OTHER}});
    client
        .post("/v2/users/reset_password_with_token", reset)
        .await
        .errors(422);
    let verify = json!({"user": {"token": token}});
    let seen = client.post("/v2/users/verify_email", verify.clone()).await.expect(200);
    shows(
        &seen,
        &json!({"object": "user", "id": id, "email_verification": "verified"}),
    );
    client.post("/v2/users/verify_email", verify).await.errors(422);
}

async fn new_addresses(client: &Client) {
    let (client, path, id) = somebody(client).await;
    let pending = json!({"user": {"email_pending": "New@Example.com"}});
    let seen = client.put(&path, pending).await.expect(200);
    shows(&seen, &json!({"email": EMAIL, "email_pending": "new@example.com"}));
    let params =
        json!({"user_id": id, "event_type": ["user.email.updating", "user.email.verified"], "created_at_after": ""});
    let event = until("the event of a new address", async || {
        let mut items = client.get("/v2/events", params.clone()).await.items();
        items.pop()
    });
    let event = event.await;
    shows(
        &event,
        &json!({"object": "event", "event_type": "user.email.updating", "user_id": id}),
    );
    let event = client
        .get(&format!("/v2/events/{}", text(&event, "id")), Value::Null)
        .await;
    let event = event.expect(200);
    assert!(
        event["notifications"].is_array() && event["event_at"].is_number(),
        "{event}"
    );
    let token = text(&event, "token");
    assert!(token.starts_with("tue:"), "{event}");
    let verified = client
        .post("/v2/users/verify_email", json!({"user": {"token": token}}))
        .await;
    let expected = json!({"email": "new@example.com", "email_pending": null, "email_verification": "verified"});
    shows(&verified.expect(200), &expected);
    client.get(&path, Value::Null).await.errors(404);
    let kept = client.get("/v2/events/retention", Value::Null).await.expect(200);
    shows(&kept, &json!({"object": "event_retention", "days": null}));
    let changed = client
        .put("/v2/events/retention", json!({"retention": {"days": 30}}))
        .await;
    shows(&changed.expect(200), &json!({"days": 30, "effective_days": 30}));
    // What is not asked for is not listed.
    let others = json!({"user_id": id, "event_type": ["org."], "max_results": 1});
    assert!(client.get("/v2/events", others).await.items().is_empty());
}

async fn resets(client: &Client) {
    let (client, path, id) = somebody(client).await;
    let session = session(&client, &id).await;
    let asked = client
        .post(&format!("{path}/generate_password_token"), Value::Null)
        .await;
    let asked = asked.expect(201);
    shows(&asked, &json!({"object": "token", "user_id": id}));
    let token = text(&asked, "token");
    assert!(token.starts_with("tpw:"), "{asked}");
    let reset = |again: &str| json!({"user": {"token": token, "password": OTHER, "password_confirmation": again}});
    let path = "/v2/users/reset_password_with_token";
    // What breaks a rule uses nothing up.
    client.post(path, reset(PASSWORD)).await.errors(422);
    let signed_in = client.post(path, reset(OTHER)).await.expect(201);
    shows(&signed_in, &json!({"object": "session", "user_id": id}));
    assert_eq!(text(&signed_in, "token").split('.').count(), 3);
    client.get(&session, Value::Null).await.errors(404);
    client.post(path, reset(OTHER)).await.errors(422);
    assert!(logs_in(&client, EMAIL, OTHER).await && !logs_in(&client, EMAIL, PASSWORD).await);
}

async fn lists(client: &Client) {
    let (client, path, id) = somebody(client).await;
    let fields = json!({"reference": "a&b=c d+e", "username": "ana.r", "custom": {"a": 1}});
    client.put(&path, json!({ "user": fields })).await.expect(200);
    let (other, _) = user(&client, "bea@example.com").await;
    client
        .put(&format!("/v2/users/{other}"), json!({"user": {"state": "inactive"}}))
        .await
        .expect(200);
    for (filter, found) in [
        (json!({"reference": "a&b=c d+e"}), &id),
        (json!({"email": EMAIL}), &id),
        (json!({"username": "ana.r"}), &id),
        (json!({"state": "inactive"}), &other),
        (json!({"sort": "id", "direction": "desc", "max_results": 1}), &other),
        (json!({"after": id, "state": null}), &other),
    ] {
        let items = client.get("/v2/users", filter.clone()).await.items();
        assert_eq!(items.len(), 1, "{filter}");
        shows(&items[0], &json!({ "id": found }));
        assert!(items[0].get("custom").is_none(), "{filter}");
    }
    let items = client.get("/v2/users", json!({"expand": ["custom"]})).await.items();
    shows(&items[0], &json!({"custom": {"a": 1}}));
    client.delete(&path, Value::Null).await.expect(200);
    client.get(&path, Value::Null).await.errors(404);
    assert_eq!(client.get("/v2/users", Value::Null).await.items().len(), 1);
}
