//! `DELETE /v2/realms/:id` (contract 3.1)

use reqwest::Method;
use serde_json::json;

use super::{fill, gone, many_users};
use crate::common::{App, field};

#[tokio::test]
async fn t_21_a_realm_takes_along_all_that_hangs_on_it() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let kept = fill(&other).await;
    let filled = fill(&realm).await;
    let path = format!("/v2/realms/{}", realm.id);
    let key = app.key("manage", Some(&realm.id)).await;
    let mut shown = app.get(&path).await.expect(200);
    let deleted = app
        .send(app.root(Method::DELETE, &path).json(&json!({"force": true})))
        .await
        .expect(200);
    for embedded in ["jwt_key", "named_permissions", "resource_links"] {
        shown.as_object_mut().unwrap().remove(embedded);
    }
    assert_eq!(deleted, shown);

    for reply in [
        app.get(&path).await,
        app.get(&format!("{path}?state=active")).await,
        app.put(&path, json!({"realm": {"name": "Again"}})).await,
        app.post(&format!("{path}/reset"), json!({})).await,
        app.send(app.root(Method::DELETE, &path)).await,
        realm.get("/connect/jwks").await,
        realm.login("ana@example.com").await,
    ] {
        reply.errors(404);
    }
    // A key that was locked to it is worth nothing.
    app.send(app.holder(&key, Method::GET, "/v2/users")).await.errors(403);
    gone(&realm, &filled).await;
    for list in [
        "client_apps",
        "domains",
        "hooks",
        "smtp_providers",
        "mailing_list_providers",
        "jwt_keys",
    ] {
        assert_eq!(realm.list(&format!("/v2/{list}")).await, [json!(null); 0], "{list}");
    }
    for (path, body) in [
        ("users", json!({"user": {"email": "ana@example.com"}})),
        ("orgs", json!({"org": {"name": "Acme"}})),
        ("client_apps", json!({})),
        ("domains", json!({})),
        ("hooks", json!({"hook": {"destination": "https://a.example"}})),
        ("jwt_keys", json!({})),
    ] {
        realm.create(&format!("/v2/{path}"), body).await.errors(404);
    }
    let listed = app.get("/v2/realms").await.expect(200);
    assert_eq!(
        field(listed["collection"].as_array().unwrap(), "id"),
        std::slice::from_ref(&other.id)
    );
    // Its name is free, and nobody else lost anything.
    let body = json!({"domain": {"subdomain": realm.host.trim_end_matches(".localhost")}});
    other.create("/v2/domains", body).await.expect(201);
    for name in ["user", "org", "membership", "session"] {
        other.read(kept[name].as_str().unwrap()).await.expect(200);
    }
    for table in [
        "auth_realms",
        "auth_users",
        "auth_orgs",
        "auth_providers",
        "session_sessions",
        "session_keys",
        "event_hooks",
    ] {
        let column = if table == "auth_realms" { "id" } else { "realm_id" };
        let query = format!("SELECT {column} AS text FROM {table} WHERE {column} = '{}'", realm.id);
        assert_eq!(app.texts(&query).await, [""; 0], "{table}");
    }
}

#[tokio::test]
async fn many_users_are_gone_at_once_and_removed_after() {
    let app = App::start().await;
    let realm = app.realm().await;
    let provider = realm.user("first@example.com").await["credentials"][0]["auth_provider_id"].clone();
    many_users(&app, &realm, 5000, provider.as_str().unwrap()).await;
    let path = format!("/v2/realms/{}", realm.id);
    app.send(app.root(Method::DELETE, &path)).await.expect(200);
    assert_eq!(realm.list("/v2/users").await, [json!(null); 0]);
    app.get(&path).await.errors(404);
    let query = format!("SELECT id AS text FROM auth_realms WHERE id = '{}'", realm.id);
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while !app.texts(&query).await.is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "the realm is not removed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_deletes_it() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let send = |key: String, id: &str| app.send(app.holder(&key, Method::DELETE, &format!("/v2/realms/{id}")));
    for permission in ["read", "write"] {
        send(app.key(permission, Some(&own.id)).await, &own.id)
            .await
            .errors(403);
    }
    let key = app.key("manage", Some(&own.id)).await;
    let unknown = send(key.clone(), "rl_0000000000000000000000").await;
    unknown.errors(404);
    let foreign = send(key.clone(), &other.id).await;
    assert_eq!((foreign.status, &foreign.text), (404, &unknown.text));
    other.get("/connect/jwks").await.expect(200);
    send(key, &own.id).await.expect(200);
}
