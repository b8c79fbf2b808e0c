//! `GET /v2/auth_providers/:id` (contract 3.8)

use reqwest::Method;
use serde_json::json;

use crate::common::App;

#[tokio::test]
async fn a_provider_is_found_by_id_and_by_type_in_its_realm() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    for (at, kind) in ["password", "totp"].into_iter().enumerate() {
        let path = format!("/v2/auth_providers/{kind}?realm_id={}", realm.id);
        let by_type = app.get(&path).await.expect(200);
        let id = by_type["id"].as_str().unwrap();
        assert_eq!(realm.list("/v2/auth_providers").await[at], by_type);
        assert_eq!(
            realm.read(&format!("/v2/auth_providers/{id}")).await.expect(200),
            by_type
        );
        // T-03: to another realm it does not exist.
        other.read(&format!("/v2/auth_providers/{id}")).await.errors(404);
    }
    for named in ["google", "ap_0000000000000000000000", "ap_x", "PASSWORD", "%00"] {
        let status = realm.read(&format!("/v2/auth_providers/{named}")).await.status;
        assert!(status == 404 || status == 400, "{named}: {status}");
    }
    let key = app.key("write", Some(&realm.id)).await;
    let request = app.with_key(&key, Method::GET, "/v2/auth_providers/password");
    app.send(request).await.errors(403);
}

#[tokio::test]
async fn null_is_said_of_what_is_not_set() {
    let app = App::start().await;
    let realm = app.realm().await;
    let shown = realm.read("/v2/auth_providers/totp").await.expect(200);
    for name in [
        "name",
        "min_length",
        "client_id",
        "scopes",
        "authorization_url",
        "email_field",
    ] {
        assert_eq!(shown.get(name), Some(&json!(null)), "{name}");
    }
}
