//! `GET /v2/auth_providers` (contract 3.8)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn a_fresh_realm_has_exactly_two_the_password_first() {
    let app = App::start().await;
    let realm = app.realm().await;
    let all = realm.list("/v2/auth_providers").await;
    let shown: Vec<Value> = all
        .iter()
        .map(|p| {
            json!([
                p["object"],
                p["provider_type"],
                p["state"],
                p["min_length"],
                p["realm_id"]
            ])
        })
        .collect();
    assert_eq!(
        shown,
        [
            json!(["auth_provider", "password", "active", 8, realm.id]),
            json!(["auth_provider", "totp", "inactive", null, realm.id]),
        ]
    );
    assert_eq!(
        (&all[0]["min_complexity"], &all[0]["required_chars"]),
        (&json!("low"), &json!([]))
    );
}

#[tokio::test]
async fn the_list_pages_and_filters_by_state() {
    let app = App::start().await;
    let realm = app.realm().await;
    for kind in ["google", "github", "slack"] {
        let body = json!({"auth_provider": {"provider_type": kind, "client_id": "x"}});
        realm.create("/v2/auth_providers", body).await.expect(201);
    }
    let ids = field(&realm.list("/v2/auth_providers").await, "id");
    pages_are_right(&app, &ids, "asc", |query| {
        realm.core(Method::GET, &format!("/v2/auth_providers?{query}"))
    })
    .await;
    let active = realm.list("/v2/auth_providers?state=active").await;
    assert_eq!(
        field(&active, "provider_type"),
        ["password", "google", "github", "slack"]
    );
    let inactive = realm.list("/v2/auth_providers?state=inactive").await;
    assert_eq!(field(&inactive, "provider_type"), ["totp"]);
}

#[tokio::test]
async fn t_03_only_who_manages_the_realm_sees_its_providers() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let list = async |key: &str, realm: &str| {
        let path = format!("/v2/auth_providers?realm_id={realm}");
        app.send(app.with_key(key, Method::GET, &path)).await.status
    };
    let locked = app.key("manage", Some(&own.id)).await;
    assert_eq!(list(&locked, &own.id).await, 200);
    assert_eq!(list(&locked, &other.id).await, 404);
    assert_eq!(list(&app.key("write", None).await, &own.id).await, 403);
    assert_eq!(list("ks_nobody", &own.id).await, 403);
}
