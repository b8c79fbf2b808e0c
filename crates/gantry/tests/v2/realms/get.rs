//! `GET /v2/realms` (contract 1.7 and 3.1)

use reqwest::Method;
use serde_json::json;

use crate::common::{App, field, pages_are_right};

async fn named(app: &App, settings: serde_json::Value) -> String {
    let realm = app.post("/v2/realms", json!({ "realm": settings })).await.expect(201);
    realm["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn realms_are_listed_in_the_order_of_their_making() {
    let app = App::start().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(named(&app, json!({"name": format!("Realm {}", 9 - n)})).await);
        app.clock.advance_ms(if n % 2 == 0 { 0 } else { 7 });
    }
    let list = app.get("/v2/realms").await.expect(200);
    assert_eq!(field(list["collection"].as_array().unwrap(), "id"), ids);
    assert_eq!(list["more_results"], false);
    pages_are_right(&app, &ids, "asc", |query| {
        app.root(Method::GET, &format!("/v2/realms?{query}"))
    })
    .await;
    assert_eq!(app.get("/v2/realms?sort=id").await.expect(200), list);
    app.get("/v2/realms?sort=name").await.errors(422);
}

#[tokio::test]
async fn a_list_shows_custom_when_asked_and_keys_never() {
    let app = App::start().await;
    named(
        &app,
        json!({"name": "One", "custom": {"plan": "gold"}, "jwt_algo": "hs256"}),
    )
    .await;
    for query in ["", "?expand=", "?expand[]=", "?expands="] {
        let item = app.get(&format!("/v2/realms{query}")).await.expect(200)["collection"][0].clone();
        assert_eq!(item["name"], "One");
        assert!(item.get("custom").is_none() && item.get("jwt_key").is_none(), "{item}");
    }
    for query in ["expand=custom", "expands=custom", "expand[]=custom", "expand[0]=custom"] {
        let item = app.get(&format!("/v2/realms?{query}")).await.expect(200)["collection"][0].clone();
        assert_eq!(item["custom"], json!({"plan": "gold"}), "{query}");
        assert!(item.get("jwt_key").is_none(), "{item}");
    }
    app.get("/v2/realms?expand=jwt_key").await.errors(422);
}

#[tokio::test]
async fn realms_are_found_by_their_state() {
    let app = App::start().await;
    let on = named(&app, json!({"name": "On"})).await;
    let off = named(&app, json!({"name": "Off", "state": "inactive"})).await;
    for (query, expected) in [
        ("state=active", vec![on.clone()]),
        ("state=inactive", vec![off.clone()]),
        ("state=", vec![on, off]),
        ("state=asleep", vec![]),
    ] {
        let list = app.get(&format!("/v2/realms?{query}")).await.expect(200);
        assert_eq!(field(list["collection"].as_array().unwrap(), "id"), expected, "{query}");
    }
}

#[tokio::test]
async fn t_03_a_locked_key_sees_its_own_realm_alone() {
    let app = App::start().await;
    let own = named(&app, json!({"name": "Own"})).await;
    let other = named(&app, json!({"name": "Other"})).await;
    let key = app.key("read", Some(&own)).await;
    for query in [
        "",
        "?max_results=1000",
        &format!("?after={own}&direction=desc"),
        &format!("?realm_id={other}"),
    ] {
        let list = app
            .send(app.holder(&key, Method::GET, &format!("/v2/realms{query}")))
            .await
            .expect(200);
        let ids = field(list["collection"].as_array().unwrap(), "id");
        assert!(ids.iter().all(|id| *id == own), "{query}: {ids:?}");
        assert_eq!(list["more_results"], false);
    }
    let mine = app.send(app.holder(&key, Method::GET, "/v2/realms")).await.expect(200);
    assert_eq!(field(mine["collection"].as_array().unwrap(), "id"), [own]);
}
