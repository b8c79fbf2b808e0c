//! `GET /v2/events/export`: events as lines of JSON.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{App, TestRealm, field};

/// The lines of an export.
async fn lines(realm: &TestRealm<'_>, query: &str) -> Vec<Value> {
    let reply = realm.read(&format!("/v2/events/export?{query}")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), "application/x-ndjson");
    let lines = reply.text.lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn an_export_is_the_list_from_the_oldest_on_line_by_line() {
    let app = App::start().await;
    let realm = app.realm().await;
    assert_eq!(lines(&realm, "").await, Vec::<Value>::new());
    for n in 0..5 {
        realm
            .create("/v2/orgs", json!({"org": {"name": format!("Org {n}")}}))
            .await
            .expect(201);
    }
    realm.user("ana@example.com").await;
    let token = realm
        .create("/v2/users/ana@example.com/generate_password_token", json!({}))
        .await;
    app.event(&realm.id, token.request_id()).await;
    let mut list = realm.list("/v2/events?direction=asc").await;
    let all = lines(&realm, "").await;
    assert_eq!(field(&all, "id"), field(&list, "id"));
    // A stream shows no tokens.
    list[6].as_object_mut().unwrap().remove("token").unwrap();
    assert_eq!(all, list);
    assert_eq!(lines(&realm, "event_type=org").await, list[..5]);
    let after = all[3]["id"].as_str().unwrap();
    assert_eq!(lines(&realm, &format!("after={after}")).await, list[4..]);
    let last = all[6]["id"].as_str().unwrap();
    assert_eq!(lines(&realm, &format!("after={last}")).await, Vec::<Value>::new());
    assert_eq!(lines(&realm, "created_at_before=1").await, Vec::<Value>::new());
    for bad in ["after=org_1", "user_id=1", "event_type=%27", "created_at_after=NaN"] {
        let request = realm.core(Method::GET, &format!("/v2/events/export?{bad}"));
        let reply = app.send(request.header("accept", "application/x-ndjson")).await;
        assert!([400, 422].contains(&reply.status), "{bad}: {reply:?}");
    }
    // T-03
    let other = app.realm().await;
    let key = app.key("read", Some(&other.id)).await;
    let path = format!("/v2/events/export?realm_id={}", realm.id);
    app.send(app.holder(&key, Method::GET, &path)).await.errors(404);
}
