//! `DELETE /v2/domains/:id` (contract 3.10)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn a_host_serves_nobody_from_the_next_request_on_and_its_name_is_free() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let listed = realm.list("/v2/domains").await;
    let path = format!("/v2/domains/{}", listed[0]["id"].as_str().unwrap());
    assert_eq!(app.send(realm.core(Method::DELETE, &path)).await.expect(200), listed[0]);
    realm.get("/connect/jwks").await.errors(404);
    realm.read(&path).await.errors(404);
    app.send(realm.core(Method::DELETE, &path)).await.errors(404);
    let body = json!({"domain": {"subdomain": listed[0]["subdomain"]}});
    other.create("/v2/domains", body).await.expect(201);
    let keys = realm.get("/connect/jwks").await.expect(200);
    assert_eq!(keys, other.get("/connect/jwks").await.expect(200));
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_deletes_its_domains() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let listed = other.list("/v2/domains").await;
    let theirs = format!("/v2/domains/{}", listed[0]["id"].as_str().unwrap());
    let send = |key: String, path: String| app.send(app.holder(&key, Method::DELETE, &path));
    for permission in ["read", "write"] {
        send(app.key(permission, Some(&other.id)).await, theirs.clone())
            .await
            .errors(403);
    }
    let key = app.key("manage", Some(&own.id)).await;
    let unknown = send(key.clone(), "/v2/domains/dom_0000000000000000000000".to_owned()).await;
    for path in [theirs.clone(), format!("{theirs}?realm_id={}", other.id)] {
        let reply = send(key.clone(), path).await;
        assert_eq!((reply.status, &reply.text), (404, &unknown.text));
    }
    other.get("/connect/jwks").await.expect(200);
}
