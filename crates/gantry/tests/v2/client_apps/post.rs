//! `POST /v2/client_apps` (contract 3.9)

use gantry_kernel::{ClientAppId, Id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::App;

#[tokio::test]
async fn an_app_is_made_and_shown() {
    let app = App::start().await;
    let realm = app.realm().await;
    let uris = json!(["https://my.app/start", "http://localhost:4000/cb?x=1", "myapp://cb"]);
    let sent = json!({"client_type": "standard", "name": "Shop", "redirect_uris": uris, "state": "inactive"});
    let made = realm
        .create("/v2/client_apps", json!({ "client_app": sent }))
        .await
        .expect(201);
    let id = made["id"].as_str().unwrap();
    assert!(ClientAppId::parse(id).is_ok());
    let expected = json!({
        "object": "client_app", "id": id, "realm_id": realm.id, "client_type": "standard", "name": "Shop", "state": "inactive",
        "redirect_uris": uris, "created_at": 1_767_225_600.0, "allowed_scopes": [], "app_type": null, "logo": null,
        "trusted": false,
    });
    assert_eq!(made, expected);
    assert_eq!(realm.read(&format!("/v2/client_apps/{id}")).await.expect(200), expected);
}

#[tokio::test]
async fn an_oauth2_app_has_what_it_needs() {
    let app = App::start().await;
    let realm = app.realm().await;
    let make = async |fields: Value| {
        let body = json!({ "client_app": fields });
        realm.create("/v2/client_apps", body).await.expect(201)
    };
    let least = make(json!({"client_type": "oauth2"})).await;
    let shown = json!([
        least["app_type"],
        least["allowed_scopes"],
        least["trusted"],
        least["logo"]
    ]);
    assert_eq!(shown, json!(["web", ["openid", "profile", "email"], false, null]));
    assert!(least["secret"].as_str().unwrap().starts_with("cas_"));
    let sent = json!({
        "client_type": "oauth2", "app_type": "native", "allowed_scopes": ["openid", "ar.orgs"], "trusted": true,
        "logo": "https://a.example/l.png", "redirect_uris": ["http://127.0.0.1/cb"], "name": "Phone", "state": "active",
    });
    let mut expected = sent.clone();
    let made = make(sent).await;
    for name in ["id", "object", "realm_id", "created_at"] {
        expected[name] = made[name].clone();
    }
    assert_eq!(made, expected);
}

#[tokio::test]
async fn the_least_app_is_active() {
    let app = App::start().await;
    let realm = app.realm().await;
    for body in [json!({"client_app": {}}), json!({"client_app": null}), json!({})] {
        let made = realm.create("/v2/client_apps", body).await.expect(201);
        let shown = json!([made["client_type"], made["state"], made["redirect_uris"]]);
        assert_eq!(shown, json!(["standard", "active", []]));
        assert!(!made["name"].as_str().unwrap().is_empty());
    }
    let form = [
        ("client_app[name]", "Form"),
        ("client_app[redirect_uris][]", "https://a.example/"),
    ];
    let made = app
        .send(realm.core(Method::POST, "/v2/client_apps").form(&form))
        .await
        .expect(201);
    assert_eq!(made["redirect_uris"], json!(["https://a.example/"]));
}

#[tokio::test]
async fn t_24_what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let made = app.post("/v2/realms", json!({"name": "Bare"})).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let path = format!("/v2/client_apps?realm_id={id}");
    for (wrong, count) in [
        (json!({"client_type": "saml"}), 1),
        (json!({"state": "asleep"}), 1),
        (json!({"name": "x".repeat(256)}), 1),
        (json!({"redirect_uris": "/relative"}), 1),
        (
            json!({"redirect_uris": ["https://good.example/", "javascript://x/%0aalert(1)"]}),
            1,
        ),
        (json!({"redirect_uris": ["https://a@evil.example/"]}), 1),
        (json!({"redirect_uris": ["https://a.example/#x"]}), 1),
        (json!({"redirect_uris": ["https://a.example\\@evil.example"]}), 1),
        (json!({"redirect_uris": vec!["https://a.example/"; 101]}), 1),
        (json!({"state": "x", "client_type": "y", "redirect_uris": ["z"]}), 3),
    ] {
        let reply = app.post(&path, json!({ "client_app": wrong })).await;
        assert_eq!(reply.errors(422).len(), count, "{wrong}");
    }
    app.post(&path, json!({"client_app": ["standard"]})).await.errors(400);
    app.post("/v2/client_apps?realm_id=rl_0000000000000000000000", json!({}))
        .await
        .errors(404);
    assert_eq!(app.get(&path).await.expect(200)["collection"], json!([]));
}

#[tokio::test]
async fn t_03_an_app_is_made_in_the_key_s_own_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let key = app.key("manage", Some(&own.id)).await;
    let make = |body: Value| app.send(app.holder(&key, Method::POST, "/v2/client_apps").json(&body));
    assert_eq!(
        make(json!({"name": "Mine"})).await.expect(201)["realm_id"],
        own.id.as_str()
    );
    let foreign = make(json!({"realm_id": other.id, "name": "Theirs"})).await;
    let unknown = make(json!({"realm_id": "rl_0000000000000000000000", "name": "Theirs"})).await;
    foreign.errors(404);
    assert_eq!(foreign.text, unknown.text);
    assert_eq!(other.list("/v2/client_apps").await.len(), 1);
}
