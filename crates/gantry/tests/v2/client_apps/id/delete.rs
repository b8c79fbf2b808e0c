//! `DELETE /v2/client_apps/:id` (contract 3.9)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn a_realm_without_an_app_serves_nobody_from_the_next_request_on() {
    let app = App::start().await;
    let realm = app.realm().await;
    let listed = realm.list("/v2/client_apps").await;
    let path = format!("/v2/client_apps/{}", listed[0]["id"].as_str().unwrap());
    realm.get("/connect/jwks").await.expect(200);
    // PHP sends a JSON body, the others a query.
    let request = realm.core(Method::DELETE, &path).json(&json!({"force": true}));
    assert_eq!(app.send(request).await.expect(200), listed[0]);
    realm.get("/connect/jwks").await.errors(404);
    realm.read(&path).await.errors(404);
    assert_eq!(realm.list("/v2/client_apps").await, [json!(null); 0]);
    app.send(realm.core(Method::DELETE, &path)).await.errors(404);
    realm.create("/v2/client_apps", json!({})).await.expect(201);
    realm.get("/connect/jwks").await.expect(200);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_deletes_its_apps() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let first = async |realm: &crate::common::TestRealm<'_>| {
        let listed = realm.list("/v2/client_apps").await;
        format!("/v2/client_apps/{}", listed[0]["id"].as_str().unwrap())
    };
    let (mine, theirs) = (first(&own).await, first(&other).await);
    let send = |key: String, path: String| app.send(app.holder(&key, Method::DELETE, &path));
    for permission in ["read", "write"] {
        send(app.key(permission, Some(&own.id)).await, mine.clone())
            .await
            .errors(403);
    }
    let key = app.key("manage", Some(&own.id)).await;
    let unknown = send(key.clone(), "/v2/client_apps/app_0000000000000000000000".to_owned()).await;
    for path in [theirs.clone(), format!("{theirs}?realm_id={}", other.id)] {
        let reply = send(key.clone(), path).await;
        assert_eq!((reply.status, &reply.text), (404, &unknown.text));
    }
    own.read(&mine).await.expect(200);
    other.read(&theirs).await.expect(200);
}
