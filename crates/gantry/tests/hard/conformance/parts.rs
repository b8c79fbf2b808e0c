//! What scenarios are made of.

use serde_json::{Value, json};

use super::client::Client;

/// The password of every user of a scenario, until it is changed.
pub(super) const PASSWORD: &str = "correct horse battery";

/// A realm of one's own, with a client that has it as its default.
pub(super) async fn realm(client: &Client, settings: Value) -> (String, Client) {
    let mut settings = settings;
    settings["name"] = json!("Test");
    let (id, _) = client.post("/v2/realms", json!({"realm": settings})).await.made();
    let client = client.in_realm(&id);
    (id, client)
}

/// Adds a user with the usual password.
pub(super) async fn user(client: &Client, email: &str) -> (String, Value) {
    let user = json!({"user": {"email": email, "password": PASSWORD, "first_name": "Ana"}});
    client.post("/v2/users", user).await.made()
}

/// Adds an org.
pub(super) async fn org(client: &Client, name: &str) -> String {
    client.post("/v2/orgs", json!({"org": {"name": name}})).await.made().0
}

/// Opens a session of a user and answers its path.
pub(super) async fn session(client: &Client, user: &str) -> String {
    let opened = client.post("/v2/sessions", json!({"session": {"user_id": user}})).await;
    format!("/v2/sessions/{}", opened.made().0)
}

/// A client app and a domain, and with them whoever comes to the realm's host.
pub(super) async fn served(client: &Client) -> Client {
    client
        .post(
            "/v2/client_apps",
            json!({"client_app": {"client_type": "standard", "name": "App"}}),
        )
        .await
        .made();
    let domain = json!({"domain": {"domain_type": "loginrocket"}});
    let (_, domain) = client.post("/v2/domains", domain).await.made();
    client.at(domain["fqdn"].as_str().unwrap())
}

/// Tries a user's password.
pub(super) async fn logs_in(client: &Client, who: &str, password: &str) -> bool {
    let path = format!("/v2/users/{}/authenticate", client.escaped(who));
    client.post(&path, json!({"user": {"password": password}})).await.status == 201
}

/// A text of an answer.
#[track_caller]
pub(super) fn text<'a>(seen: &'a Value, name: &str) -> &'a str {
    seen[name].as_str().unwrap_or_else(|| panic!("{name} of {seen}"))
}

/// Checks that an answer has these fields with these values.
#[track_caller]
pub(super) fn shows(seen: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&seen[name], value, "{name} of {seen}");
    }
}

/// Lays fields over others.
pub(super) fn over(mut fields: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        fields[name] = value.clone();
    }
    fields
}
