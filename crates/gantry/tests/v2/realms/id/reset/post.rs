//! `POST /v2/realms/:id/reset` (contract 3.1)

use reqwest::Method;
use serde_json::{Value, json};

use super::super::{fill, gone, many_users};
use crate::common::{App, PASSWORD, TestRealm, field};

async fn reset(realm: &TestRealm<'_>) -> Value {
    let path = format!("/v2/realms/{}/reset", realm.id);
    realm.app.post(&path, json!({"realm": {}})).await.expect(200)
}

#[tokio::test]
async fn what_the_realm_had_is_gone_and_what_configures_it_stays() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let kept = fill(&other).await;
    let filled = fill(&realm).await;
    let path = format!("/v2/realms/{}", realm.id);
    let before = app.get(&path).await.expect(200);
    let mut configured = Vec::new();
    for list in ["client_apps", "domains", "hooks", "smtp_providers", "jwt_keys"] {
        configured.push(realm.list(&format!("/v2/{list}")).await);
    }

    assert_eq!(reset(&realm).await, before);
    gone(&realm, &filled).await;
    assert_eq!(app.get(&path).await.expect(200), before);
    for (list, before) in ["client_apps", "domains", "hooks", "smtp_providers", "jwt_keys"]
        .iter()
        .zip(configured)
    {
        assert_eq!(realm.list(&format!("/v2/{list}")).await, before, "{list}");
    }
    realm.get("/connect/jwks").await.expect(200);
    // Nobody else lost anything.
    for name in ["user", "org", "membership", "session"] {
        let path = kept[name].as_str().unwrap();
        other.read(path).await.expect(200);
    }
    assert!(!other.history().await.is_empty());

    // It is used again at once, by the same names.
    let user = realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    assert_eq!(login["result"], "full_login");
    assert_eq!(
        field(&realm.list("/v2/users").await, "id"),
        [user["id"].as_str().unwrap()]
    );
    assert_eq!(realm.list("/v2/orgs").await.len(), 1);
    // Twice is as good as once.
    reset(&realm).await;
    realm.login("ana@example.com").await.errors(422);
}

#[tokio::test]
async fn many_users_are_gone_at_once_and_removed_after() {
    let app = App::start().await;
    let realm = app.realm().await;
    let provider = realm.user("first@example.com").await["credentials"][0]["auth_provider_id"].clone();
    many_users(&app, &realm, 5000, provider.as_str().unwrap()).await;
    assert_eq!(realm.list("/v2/users?max_results=1000").await.len(), 1000);
    let org = format!("/v2/orgs/{}", realm.org("One").await["id"].as_str().unwrap());
    reset(&realm).await;
    // What is not removed yet cannot be changed either.
    for (method, path) in [
        (Method::PUT, org.clone()),
        (Method::DELETE, org.clone()),
        (Method::DELETE, format!("{org}?force=true")),
        (Method::PUT, "/v2/users/u4999@example.com".to_owned()),
        (Method::DELETE, "/v2/users/u4998@example.com".to_owned()),
    ] {
        let body = json!({"name": "Again", "first_name": "Again"});
        app.send(realm.core(method, &path).json(&body)).await.errors(404);
    }
    assert_eq!(realm.list("/v2/users").await, [json!(null); 0]);
    realm.read("/v2/users/u4999@example.com").await.errors(404);
    let login = json!({"email": "u4999@example.com", "password": PASSWORD});
    realm.post("/v2/login", login).await.errors(422);
    // A name that only somebody holds who is gone is free.
    let last = realm.user("u4999@example.com").await;
    let query = format!("SELECT id AS text FROM auth_users WHERE realm_id = '{}'", realm.id);
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let left = app.texts(&query).await;
        assert!(left.contains(&last["id"].as_str().unwrap().to_owned()));
        if left.len() == 1 {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{} users are left", left.len());
        tokio::task::yield_now().await;
    }
    assert_eq!(realm.list("/v2/users").await.len(), 1);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_resets_it() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    own.user("ana@example.com").await;
    other.user("bob@example.com").await;
    let send = |key: String, id: &str| {
        let request = app.holder(&key, Method::POST, &format!("/v2/realms/{id}/reset"));
        app.send(request.json(&json!({"realm": {}})))
    };
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
    app.post("/v2/realms/nonsense/reset", json!({})).await.errors(404);
    assert_eq!(
        (own.list("/v2/users").await.len(), other.list("/v2/users").await.len()),
        (1, 1)
    );
    send(key, &own.id).await.expect(200);
    assert_eq!(
        (own.list("/v2/users").await.len(), other.list("/v2/users").await.len()),
        (0, 1)
    );
}
