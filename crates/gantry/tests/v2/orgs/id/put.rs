//! `PUT /v2/orgs/:id` (contract 3.3)

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm, ip_and_client};

async fn put(realm: &TestRealm<'_>, org: &Value, change: Value) -> Reply {
    let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
    let body = json!({"org": change, "request": ip_and_client()});
    realm.app.send(realm.core(Method::PUT, &path).json(&body)).await
}

#[tokio::test]
async fn only_what_was_sent_changes_and_null_clears() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("Old").await;
    let mut expected = org.clone();
    let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
    let others = json!({"name": "Ñew", "reference": "their-1", "custom": {"n": 1}, "state": "inactive"});
    for (name, value) in others.as_object().unwrap() {
        let reply = put(&realm, &org, json!({name: value})).await;
        expected[name] = value.clone();
        assert_eq!(reply.expect(200), expected, "{name}");
        assert_eq!(realm.read(&path).await.expect(200), expected, "{name}");
        let event = app.event(&realm.id, reply.request_id()).await;
        assert_eq!(
            (&event["event_type"], &event["org_id"], &event["request"]),
            (&json!("org.updated"), &org["id"], &ip_and_client())
        );
    }
    let cleared = json!({"reference": null, "custom": null, "state": null});
    let cleared = put(&realm, &org, cleared).await.expect(200);
    assert_eq!(
        (
            &cleared["reference"],
            &cleared["custom"],
            &cleared["state"],
            &cleared["name"]
        ),
        (&Value::Null, &json!({}), &json!("active"), &json!("Ñew"))
    );
    // It is found under its new name.
    realm.org("Aaa").await;
    let first = realm.list("/v2/orgs?max_results=1&direction=desc").await;
    assert_eq!(first[0]["id"], org["id"]);
}

#[tokio::test]
async fn nothing_sent_changes_nothing() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("One").await;
    for change in [
        json!({}),
        json!(null),
        json!({"unheard_of": 1, "realm_id": "x", "id": "org_x"}),
    ] {
        assert_eq!(put(&realm, &org, change).await.expect(200), org);
    }
    assert_eq!(realm.history_types().await, ["org.created"]);
    for id in ["org_0000000000000000000000", "nonsense"] {
        put(&realm, &json!({ "id": id }), json!({})).await.errors(404);
        put(&realm, &json!({ "id": id }), json!({"name": "x"}))
            .await
            .errors(404);
    }
}

#[tokio::test]
async fn closed_is_final() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("One").await;
    let reply = put(&realm, &org, json!({"state": "closed"})).await;
    assert_eq!(reply.expect(200)["state"], "closed");
    assert_eq!(
        app.event(&realm.id, reply.request_id()).await["event_type"],
        "org.closed"
    );
    for change in [
        json!({"state": "active"}),
        json!({"name": "Two"}),
        json!({"state": "closed"}),
    ] {
        assert_eq!(
            put(&realm, &org, change).await.errors(422),
            ["The organization is closed"]
        );
    }
    assert_eq!(realm.history_types().await, ["org.created", "org.closed"]);
}

#[tokio::test]
async fn t_21_an_org_that_is_switched_off_is_no_account_at_the_next_look() {
    let app = App::start().await;
    let realm = app.realm().await;
    realm.user("ana@example.com").await;
    let login = realm.login("ana@example.com").await.expect(200);
    let org = json!({"id": login["account"]});
    put(&realm, &org, json!({"state": "inactive"})).await.expect(200);
    let path = format!(
        "/v2/session?session={}&account={}",
        login["session"].as_str().unwrap(),
        login["account"].as_str().unwrap()
    );
    realm.get(&path).await.errors(422);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = realm.org("One").await;
    for (wrong, count) in [
        (json!({"name": null}), 1),
        (
            json!({"name": " ", "state": "asleep", "custom": [1], "reference": "x".repeat(300)}),
            4,
        ),
    ] {
        assert_eq!(put(&realm, &org, wrong).await.errors(422).len(), count);
    }
    let path = format!("/v2/orgs/{}", org["id"].as_str().unwrap());
    assert_eq!(realm.read(&path).await.expect(200), org);
}

#[tokio::test]
async fn t_03_only_a_key_that_writes_in_the_realm_changes_an_org() {
    let app = App::start().await;
    let (own, other) = (app.realm().await, app.realm().await);
    let foreign = other.org("Theirs").await;
    let path = format!("/v2/orgs/{}", foreign["id"].as_str().unwrap());
    let writer = app.key("write", Some(&own.id)).await;
    let body = json!({"org": {"name": "Mine", "realm_id": other.id}});
    let none = app
        .holder(&writer, Method::PUT, "/v2/orgs/org_0000000000000000000000")
        .json(&body);
    let none = app.send(none).await;
    for path in [path.clone(), format!("{path}?realm_id={}", other.id)] {
        let reply = app.send(app.holder(&writer, Method::PUT, &path).json(&body)).await;
        reply.errors(404);
        assert_eq!(reply.text, none.text);
    }
    let reader = app.key("read", Some(&other.id)).await;
    app.send(app.holder(&reader, Method::PUT, &path).json(&body))
        .await
        .errors(403);
    assert_eq!(other.read(&path).await.expect(200), foreign);
}
