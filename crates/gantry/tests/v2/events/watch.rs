//! `GET /v2/events/watch`: events as they happen, sent by the server.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::common::{App, TestRealm};

const PATH: &str = "/v2/events/watch";

/// What a server-sent event says.
#[derive(Debug, Clone, PartialEq, Default)]
struct Sent {
    id: String,
    kind: String,
    data: Value,
}

/// An open stream.
struct Source {
    response: reqwest::Response,
    text: String,
}

impl Source {
    async fn open(request: RequestBuilder) -> Self {
        let response = request.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers()["x-request-id"].to_str().unwrap().starts_with("rq_"));
        let mut source = Self {
            response,
            text: String::new(),
        };
        assert_eq!(source.block().await.unwrap(), "retry: 1000");
        source
    }

    /// The next block of lines; `None` at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let chunk = tokio::time::timeout(Duration::from_secs(40), self.response.chunk());
            let chunk = chunk.await.expect("it should have come by now").unwrap()?;
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }

    /// The next that is told, past comments.
    async fn next(&mut self) -> Option<Sent> {
        loop {
            let block = self.block().await?;
            let mut sent = Sent::default();
            for line in block.lines() {
                match line.split_once(": ") {
                    Some(("id", id)) => sent.id = id.to_owned(),
                    Some(("event", kind)) => sent.kind = kind.to_owned(),
                    Some(("data", data)) => sent.data = serde_json::from_str(data).unwrap(),
                    _ => assert!(line.starts_with(':'), "{line:?}"),
                }
            }
            if sent != Sent::default() {
                return Some(sent);
            }
        }
    }

    /// The next event, past what only moves the cursor on.
    async fn event(&mut self) -> Sent {
        loop {
            let sent = self.next().await.unwrap();
            if !sent.data.is_null() {
                return sent;
            }
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
    let open = |query: &str| Source::open(realm.core(Method::GET, &format!("{PATH}?{query}")));
    let mut source = open("").await;
    // Where it begins is told at once, so that nothing is lost when it breaks off before the first event.
    let begin = source.next().await.unwrap();
    assert!(begin.data.is_null() && !begin.id.is_empty());
    let one = org(&realm, "One").await;
    let sent = source.event().await;
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
            found.push(source.event().await.data["org_id"].clone());
        }
        found
    };
    // The header goes before the address, which is the same each time.
    let again = realm.core(Method::GET, &format!("{PATH}?cursor={}&event_type=org", begin.id));
    let again = Source::open(again.header("last-event-id", &sent.id)).await;
    assert_eq!(orgs(again, 2).await, [two["id"].clone(), three["id"].clone()]);
    let cursor = format!("cursor={}", begin.id);
    let all = [one["id"].clone(), two["id"].clone(), three["id"].clone()];
    assert_eq!(orgs(open(&cursor).await, 3).await, all);
    let of_two = format!("cursor=0&org_id={}", two["id"].as_str().unwrap());
    assert_eq!(orgs(open(&of_two).await, 1).await, all[1..2]);
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
    let mut source = Source::open(app.holder(&key, Method::GET, PATH)).await;
    let (id, _) = key.split_once('-').unwrap();
    assert!(app.running.setup.as_ref().unwrap().revoke_key(id).await.unwrap());
    let begun = tokio::time::Instant::now();
    let last = loop {
        let sent = source.next().await.unwrap();
        if sent.kind == "error" {
            break sent;
        }
    };
    assert_eq!(last.data, json!({"reason": "key_wrong"}));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(source.next().await, None);
    let refused = app.send(app.holder(&key, Method::GET, PATH)).await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn a_gateway_that_stops_ends_streams_in_order() {
    let app = App::start().await;
    let realm = app.realm().await;
    let request = realm.core(Method::GET, PATH);
    let mut source = Source::open(request).await;
    source.next().await.unwrap();
    let stopping = gantry_telemetry::spawn(app.running.stop());
    assert_eq!(source.next().await, None);
    stopping.await.unwrap();
}
