//! `POST /v2/orgs` (contract 3.3)

use gantry_kernel::{Id, OrgId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, ip_and_client};

#[tokio::test]
async fn an_org_is_made_and_shown() {
    let app = App::start().await;
    let realm = app.realm().await;
    let sent = json!({"name": " Acme & Söhne ", "reference": "crm-1", "custom": {"Plan": "gold", "n": 1}, "state": "inactive"});
    let org = realm.create("/v2/orgs", json!({ "org": sent })).await.expect(201);
    let id = org["id"].as_str().unwrap();
    assert!(OrgId::parse(id).is_ok());
    let expected = json!({
        "object": "org", "id": id, "realm_id": realm.id, "state": "inactive", "name": "Acme & Söhne", "reference": "crm-1",
        "custom": {"Plan": "gold", "n": 1}, "created_at": 1_767_225_600.0,
    });
    assert_eq!(org, expected);
    assert_eq!(realm.read(&format!("/v2/orgs/{id}")).await.expect(200), expected);
}

#[tokio::test]
async fn a_name_is_enough_and_need_not_be_unique() {
    let app = App::start().await;
    let realm = app.realm().await;
    let made = realm
        .create("/v2/orgs", json!({"org": {"name": "Twin"}}))
        .await
        .expect(201);
    let shown = json!([made["state"], made["reference"], made["custom"]]);
    assert_eq!(shown, json!(["active", null, {}]));
    let flat = realm.create("/v2/orgs", json!({"name": "Twin"})).await.expect(201);
    let form = realm
        .core(Method::POST, "/v2/orgs")
        .form(&[("org[name]", "Twin"), ("org[custom][a][]", "1")]);
    let formed = app.send(form).await.expect(201);
    assert_eq!((&flat["name"], &formed["name"]), (&json!("Twin"), &json!("Twin")));
    assert_eq!(formed["custom"], json!({"a": ["1"]}));
    assert_eq!(realm.list("/v2/orgs").await.len(), 3);
}

#[tokio::test]
async fn the_event_says_which_and_by_which_request() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"org": {"name": "Acme"}, "request": ip_and_client()});
    let reply = realm.create("/v2/orgs", body).await;
    let org = reply.expect(201);
    let event = app.event(&realm.id, reply.request_id()).await;
    assert_eq!(
        (&event["event_type"], &event["org_id"]),
        (&json!("org.created"), &org["id"])
    );
    assert_eq!((&event["request"], &event["user_id"]), (&ip_and_client(), &Value::Null));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let long = "x".repeat(256);
    for (org, count) in [
        (json!({}), 1),
        (json!(null), 1),
        (json!({"name": " "}), 1),
        (json!({"name": long}), 1),
        (json!({"name": "a\nb"}), 1),
        (json!({"name": "x", "state": "closed"}), 1),
        (json!({"name": "x", "state": "asleep"}), 1),
        (json!({"name": "x", "reference": long}), 1),
        (json!({"name": "x", "custom": {"a": {}}}), 1),
        (json!({"state": "x", "custom": [1]}), 3),
    ] {
        let reply = realm.create("/v2/orgs", json!({ "org": org })).await;
        assert_eq!(reply.errors(422).len(), count, "{org}");
    }
    realm.create("/v2/orgs", json!({"org": "Acme"})).await.errors(400);
    realm
        .create("/v2/orgs", json!({"org": {"name": ["Acme"]}}))
        .await
        .errors(400);
    let bad_address = json!({"org": {"name": "Acme"}, "request": {"ip": "x"}});
    realm.create("/v2/orgs", bad_address).await.errors(422);
    assert_eq!(realm.list("/v2/orgs").await, Vec::<Value>::new());
    assert_eq!(realm.history_types().await, Vec::<String>::new());
}

#[tokio::test]
async fn t_03_an_org_is_made_in_the_key_s_own_realm_alone() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let key = app.key("write", Some(&own.id)).await;
    let make = |body: Value| app.send(app.holder(&key, Method::POST, "/v2/orgs").json(&body));
    assert_eq!(
        make(json!({"name": "Mine"})).await.expect(201)["realm_id"],
        own.id.as_str()
    );
    // Within the root it names the realm too, and a foreign one is as good as none there.
    let inside = |realm: &str| json!({"org": {"name": "Mine too", "realm_id": realm}});
    assert_eq!(make(inside(&own.id)).await.expect(201)["realm_id"], own.id.as_str());
    make(inside(&other.id)).await.errors(404);
    make(json!({"realm_id": other.id, "org": {"name": "Theirs"}}))
        .await
        .errors(404);
    app.post("/v2/orgs?realm_id=rl_0000000000000000000000", json!({"name": "x"}))
        .await
        .errors(404);
    assert_eq!(other.list("/v2/orgs").await, Vec::<Value>::new());
}
