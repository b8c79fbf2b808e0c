//! `GET /v2/client_apps` (contract 1.7 and 3.9)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, field, pages_are_right};

#[tokio::test]
async fn apps_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let mut ids = field(&realm.list("/v2/client_apps").await, "id");
    for n in 0..4 {
        let body = json!({"client_app": {"name": format!("App {}", 9 - n)}});
        ids.push(
            realm.create("/v2/client_apps", body.clone()).await.expect(201)["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
        other.create("/v2/client_apps", body).await.expect(201);
    }
    let ask = |query: &str| realm.core(Method::GET, &format!("/v2/client_apps?{query}"));
    pages_are_right(&app, &ids, "asc", ask).await;
}

#[tokio::test]
async fn t_03_a_locked_key_sees_its_own_apps_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let key = app.key("manage", Some(&own.id)).await;
    let read = |path: &str| app.send(app.holder(&key, Method::GET, path));
    let list = read("/v2/client_apps").await.expect(200);
    let realms = field(list["collection"].as_array().unwrap(), "realm_id");
    assert_eq!(realms, std::slice::from_ref(&own.id));
    read(&format!("/v2/client_apps?realm_id={}", other.id))
        .await
        .errors(404);
}
