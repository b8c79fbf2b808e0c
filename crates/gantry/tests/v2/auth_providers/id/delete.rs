//! `DELETE /v2/auth_providers/:id` (contract 3.8)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn an_external_provider_goes() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"auth_provider": {"provider_type": "slack", "client_id": "x"}});
    let made = realm.create("/v2/auth_providers", body.clone()).await.expect(201);
    assert_eq!(realm.remove("/v2/auth_providers/slack").await.expect(200), made);
    realm.read("/v2/auth_providers/slack").await.errors(404);
    realm.remove("/v2/auth_providers/slack").await.errors(404);
    // Its place is free again.
    realm.create("/v2/auth_providers", body).await.expect(201);
}

#[tokio::test]
async fn the_two_that_every_realm_has_stay() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    for kind in ["password", "totp"] {
        realm.remove(&format!("/v2/auth_providers/{kind}")).await.errors(409);
    }
    realm.login("ana@example.com").await.expect(200);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_removes_its_providers() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let body = json!({"auth_provider": {"provider_type": "slack", "client_id": "x"}});
    let theirs = other.create("/v2/auth_providers", body).await.expect(201);
    let path = format!("/v2/auth_providers/{}", theirs["id"].as_str().unwrap());
    let locked = app.key("manage", Some(&own.id)).await;
    app.send(app.with_key(&locked, Method::DELETE, &path)).await.errors(404);
    let write = app.key("write", Some(&other.id)).await;
    app.send(app.with_key(&write, Method::DELETE, &path)).await.errors(403);
    assert_eq!(other.read(&path).await.expect(200), theirs);
}
