//! `/v2/realms/:id`

mod delete;
mod get;
mod put;
mod reset;

use serde_json::{Value, json};

use crate::common::{App, TestRealm};

/// Puts something of each kind into a realm, and tells the paths at which the Core API shows it.
async fn fill(realm: &TestRealm<'_>) -> Value {
    let user = realm.user("ana@example.com").await;
    let org = realm.org("Acme").await;
    let membership = realm.join(&user, &org).await;
    let session = realm.open(&user).await;
    let login = realm.login("ana@example.com").await.expect(200);
    realm
        .create("/v2/hooks", json!({"hook": {"destination": "https://a.example"}}))
        .await
        .expect(201);
    let smtp = json!({"provider_name": "Mail", "email_from": "a@a.example", "smtp_host": "mail.a.example"});
    realm
        .create("/v2/smtp_providers", json!({ "smtp_provider": smtp }))
        .await
        .expect(201);
    let history = realm.history().await;
    let path = |kind: &str, made: &Value| format!("/v2/{kind}/{}", made["id"].as_str().unwrap());
    json!({
        "user": path("users", &user), "org": path("orgs", &org), "membership": path("memberships", &membership),
        "session": path("sessions", &session), "event": path("events", &history[0]), "login": login,
    })
}

/// Nothing of what [`fill`] made can be seen any more, by any way.
async fn gone(realm: &TestRealm<'_>, filled: &Value) {
    for name in ["user", "org", "membership", "session", "event"] {
        realm.read(filled[name].as_str().unwrap()).await.errors(404);
    }
    realm.read("/v2/users/ana@example.com").await.errors(404);
    realm
        .read(&format!("/v2/sessions/{}", filled["login"]["token"].as_str().unwrap()))
        .await
        .errors(404);
    for list in ["users", "orgs", "sessions", "events?created_at_after="] {
        assert_eq!(realm.list(&format!("/v2/{list}")).await, [json!(null); 0], "{list}");
    }
}

/// Adds users without a call for each.
async fn many_users(app: &App, realm: &TestRealm<'_>, count: usize, provider: &str) {
    let digits = "substr('0000000000000000000000' || CAST(i AS text), length(CAST(i AS text)) + 1)";
    let id = &realm.id;
    app.sql(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO auth_users (id, realm_id, state, email, email_verification, custom, created_at, updated_at) \
         SELECT 'usr_' || {digits}, '{id}', 'active', 'u' || CAST(i AS text) || '@example.com', 'none', '{{}}', 0, 0 FROM n;\
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO auth_credentials (id, realm_id, user_id, auth_provider_id, credential_type, secret, created_at, updated_at) \
         SELECT 'crd_' || {digits}, '{id}', 'usr_' || {digits}, '{provider}', 'password', 'x', 0, 0 FROM n;"
    ))
    .await;
}
