//! `GET` and `PUT /v2/events/retention`: how long a realm keeps its events.

use reqwest::Method;
use serde_json::json;

use crate::common::App;

const PATH: &str = "/v2/events/retention";

#[tokio::test]
async fn a_realm_chooses_its_days_within_reason() {
    let app = App::start_with(|config| config.events.retention_days = Some(90)).await;
    let (realm, other) = (app.realm().await, app.realm().await);
    let shown = |days: Option<i64>, counts: i64| json!({"object": "event_retention", "id": realm.id, "realm_id": realm.id, "days": days, "effective_days": counts});
    assert_eq!(realm.read(PATH).await.expect(200), shown(None, 90));
    for (sent, expected) in [
        (json!({"days": 30}), shown(Some(30), 30)),
        (json!({}), shown(Some(30), 30)),
        (json!({"days": 3650}), shown(Some(3650), 3650)),
        (json!({"days": null}), shown(None, 90)),
    ] {
        let body = json!({"retention": sent});
        let told = app.send(realm.core(Method::PUT, PATH).json(&body)).await;
        assert_eq!(told.expect(200), expected, "{sent}");
        assert_eq!(realm.read(PATH).await.expect(200), expected, "{sent}");
    }
    for days in [json!(2), json!(0), json!(-1), json!(36_501), json!("soon")] {
        let body = json!({"retention": {"days": days}});
        let refused = app.send(realm.core(Method::PUT, PATH).json(&body)).await;
        assert!([400, 422].contains(&refused.status), "{days}: {refused:?}");
    }
    assert_eq!(realm.read(PATH).await.expect(200), shown(None, 90));
    assert_eq!(other.read(PATH).await.expect(200)["days"], json!(null));
    let writer = app.key("write", Some(&realm.id)).await;
    app.send(app.holder(&writer, Method::GET, PATH)).await.errors(403);
}

#[tokio::test]
async fn what_is_over_is_seen_no_more() {
    let app = App::start().await;
    let realm = app.realm().await;
    let org = |name: &str| json!({"org": {"name": name}});
    let first = realm.create("/v2/orgs", org("One")).await;
    app.event(&realm.id, first.request_id()).await;
    app.clock.advance_ms(10 * 24 * 3600 * 1000);
    let second = realm.create("/v2/orgs", org("Two")).await;
    app.event(&realm.id, second.request_id()).await;
    let body = json!({"retention": {"days": 7}});
    app.send(realm.core(Method::PUT, PATH).json(&body)).await.expect(200);
    loop {
        let left = realm.list("/v2/events?created_at_after=").await;
        assert!((1..=2).contains(&left.len()), "{left:?}");
        if let [one] = left.as_slice() {
            assert_eq!(one["request_id"], second.request_id());
            return;
        }
    }
}
