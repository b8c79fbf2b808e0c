//! `GET /v2/events/watch`: events as they happen, sent by the server.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::common::{App, Sent, Source, TestRealm};

const PATH: &str = "/v2/events/watch";

async fn open(request: RequestBuilder) -> Source {
    let response = request.header("accept", "text/event-stream").send().await;
    Source::of(response.unwrap()).await.unwrap()
}

async fn next(source: &mut Source) -> Option<Sent> {
    source.next().await.unwrap()
}

/// The next event, past what only moves the cursor on.
async fn event(source: &mut Source) -> Sent {
    loop {
        let sent = next(source).await.unwrap();
        if !sent.data.is_null() {
            return sent;
        }
    }
}

async fn org(realm: &TestRealm<'_>, name: &str) -> Value {
    realm
        .create("/v2/orgs", json!({"org": {"name": name}}))
        .await
        .expect(201)
}

#[tokio::test]
async fn who_comes_back_misses_nothing_and_sees_nothing_twice() {
    let app = App::start().await;
    let realm = app.realm().await;
    let from = |query: &str| open(realm.core(Method::GET, &format!("{PATH}?{query}")));
    let mut source = from("").await;
    // Where it begins is told at once, so that nothing is lost when it breaks off before the first event.
    let begin = next(&mut source).await.unwrap();
    assert!(begin.data.is_null() && !begin.id.is_empty());
    let one = org(&realm, "One").await;
    let sent = event(&mut source).await;
    assert_eq!(
        json!([sent.data["event_type"], sent.data["org_id"]]),
        json!(["org.created", one["id"]])
    );
    drop(source);
    let (two, three) = (org(&realm, "Two").await, org(&realm, "Three").await);
    realm.user("ana@example.com").await;
    let orgs = async |mut source: Source, count: usize| {
        let mut found = Vec::new();
        while found.len() < count {
            found.push(event(&mut source).await.data["org_id"].clone());
        }
        found
    };
    // The header goes before the address, which is the same each time.
    let again = realm.core(Method::GET, &format!("{PATH}?cursor={}&event_type=org", begin.id));
    let again = open(again.header("last-event-id", &sent.id)).await;
    assert_eq!(orgs(again, 2).await, [two["id"].clone(), three["id"].clone()]);
    let cursor = format!("cursor={}", begin.id);
    let all = [one["id"].clone(), two["id"].clone(), three["id"].clone()];
    assert_eq!(orgs(from(&cursor).await, 3).await, all);
    let of_two = format!("cursor=0&org_id={}", two["id"].as_str().unwrap());
    assert_eq!(orgs(from(&of_two).await, 1).await, all[1..2]);
    for bad in ["cursor=x", "cursor=99999999", "user_id=1", "event_type=%27"] {
        app.send(realm.core(Method::GET, &format!("{PATH}?{bad}")))
            .await
            .errors(422);
    }
}

#[tokio::test]
async fn t_21_a_stream_ends_soon_after_its_key_and_says_why() {
    let app = App::start().await;
    let realm = app.realm().await;
    let key = app.key("read", Some(&realm.id)).await;
    let mut source = open(app.holder(&key, Method::GET, PATH)).await;
    let (id, _) = key.split_once('-').unwrap();
    assert!(app.running.setup.as_ref().unwrap().revoke_key(id).await.unwrap());
    let begun = tokio::time::Instant::now();
    let last = loop {
        let sent = next(&mut source).await.unwrap();
        if sent.kind == "error" {
            break sent;
        }
    };
    assert_eq!(last.data, json!({"reason": "key_wrong"}));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(next(&mut source).await, None);
    let refused = app.send(app.holder(&key, Method::GET, PATH)).await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn a_gateway_that_stops_ends_streams_in_order() {
    let app = App::start().await;
    let realm = app.realm().await;
    let request = realm.core(Method::GET, PATH);
    let mut source = open(request).await;
    next(&mut source).await.unwrap();
    let stopping = gantry_telemetry::spawn(app.running.stop());
    assert_eq!(next(&mut source).await, None);
    stopping.await.unwrap();
}
