//! `GET /v2/domains` (contract 1.7 and 3.10)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn domains_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let (realm, _other) = (app.realm().await, app.realm().await);
    let mut ids = field(&realm.list("/v2/domains").await, "id");
    for name in ["z", "y", "x", "w"] {
        let made = realm
            .create("/v2/domains", json!({"domain": {"subdomain": name}}))
            .await
            .expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let ask = |query: &str| realm.core(Method::GET, &format!("/v2/domains?{query}"));
    pages_are_right(&app, &ids, "asc", ask).await;
}

#[tokio::test]
async fn t_03_a_locked_key_sees_its_own_domains_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: &str| app.send(app.holder(&key, Method::GET, path));
    let list = read("/v2/domains").await.expect(200);
    assert_eq!(
        field(list["collection"].as_array().unwrap(), "fqdn"),
        std::slice::from_ref(&own.host)
    );
    read(&format!("/v2/domains?realm_id={}", other.id)).await.errors(404);
}
