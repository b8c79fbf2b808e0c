//! Answers that go on: what a service streams, as lines of JSON, or as server-sent events, which clients resume by themselves. It is
//! read from the service as the caller takes it in, and no sooner.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::{StreamExt, stream};
use gantry_kernel::Problem;
use gantry_proto::Route;
use gantry_rpc::from_status;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tonic::{Status, Streaming};

use crate::transcode::tree::Tree;

/// How often something is said on a quiet stream, so that nobody on the way takes it for dead.
const BEAT: Duration = Duration::from_secs(15);
/// Milliseconds that a client waits before it comes back.
const RETRY_MS: u32 = 1000;
/// Where a client that comes back was.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Has proxies pass on what comes as it comes.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Whether a stream is of server-sent events, as what never ends is.
fn is_watched(route: &Route) -> bool {
    route.rpc.method == "Watch"
}

/// Where a client says that it was goes before the address, which is the same each time it comes back.
pub(crate) fn resume(route: &Route, headers: &HeaderMap, tree: &mut Tree) {
    let told = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    if let Some(cursor) = told.filter(|text| is_watched(route) && !text.is_empty()) {
        tree.insert("cursor".to_owned(), Value::from(cursor));
    }
}

/// Makes a body of a stream, which ends when `stop` says so.
pub(crate) fn answer(route: &'static Route, items: Streaming<Bytes>, stop: CancellationToken) -> Response {
    let watched = is_watched(route);
    let begin = watched.then(|| Ok(Bytes::from(format!("retry: {RETRY_MS}\n\n"))));
    let going = Going {
        items,
        route,
        watched,
        stop,
        over: false,
    };
    let body = stream::iter(begin).chain(stream::unfold(going, next));
    let mut response = Response::new(Body::from_stream(body));
    let kind = if watched {
        "text/event-stream"
    } else {
        "application/x-ndjson"
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

/// A stream on its way.
struct Going {
    items: Streaming<Bytes>,
    route: &'static Route,
    watched: bool,
    stop: CancellationToken,
    over: bool,
}

/// What happens next.
enum Next {
    Stop,
    Beat,
    Item(Result<Option<Bytes>, Status>),
}

async fn next(mut going: Going) -> Option<(io::Result<Bytes>, Going)> {
    if going.over {
        return None;
    }
    let next = tokio::select! {
        biased;
        () = going.stop.cancelled() => Next::Stop,
        item = going.items.message() => Next::Item(item),
        () = tokio::time::sleep(BEAT), if going.watched => Next::Beat,
    };
    let told = match next {
        Next::Beat => Ok(Bytes::from_static(b":\n\n")),
        Next::Item(Ok(Some(item))) => match (going.route.decode)(&item) {
            Ok(json) if going.watched => Ok(sent(&json)),
            Ok(mut json) => {
                json.push(b'\n');
                Ok(json.into())
            }
            Err(error) => {
                tracing::error!(error = ?error, rpc = going.route.rpc.path, "an answer cannot be written as JSON");
                return broken(going, None);
            }
        },
        Next::Item(Ok(None)) => return None,
        Next::Item(Err(status)) => {
            let problem = from_status(&status);
            return broken(going, Some(&problem));
        }
        // Watchers come back; whoever reads lines must see that these are not all.
        Next::Stop if going.watched => return None,
        Next::Stop => return broken(going, None),
    };
    Some((told, going))
}

/// The last that is said: why it ends, where that can be said; else it breaks off.
fn broken(mut going: Going, problem: Option<&Problem>) -> Option<(io::Result<Bytes>, Going)> {
    going.over = true;
    let told = match problem {
        Some(problem) if going.watched => {
            let why = json!({ "reason": problem.reason.key() });
            Ok(Bytes::from(format!("event: error\ndata: {why}\n\n")))
        }
        _ => Err(io::Error::other("the stream broke off")),
    };
    Some((told, going))
}

/// A response of a watcher as a server-sent event. One that carries a cursor alone moves a client on without telling it anything.
fn sent(json: &[u8]) -> Bytes {
    let response: Value = serde_json::from_slice(json).unwrap_or_default();
    let cursor = response.get("cursor").and_then(Value::as_str).unwrap_or_default();
    let text = match response.get("event").filter(|event| !event.is_null()) {
        Some(event) => format!("id: {cursor}\ndata: {event}\n\n"),
        None => format!("id: {cursor}\n\n"),
    };
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_proto::ROUTES;

    fn route(path: &str) -> &'static Route {
        ROUTES.iter().find(|route| route.path == path).unwrap()
    }

    #[test]
    fn a_response_is_an_event_with_its_cursor() {
        let told = sent(br#"{"cursor":"7","event":{"id":"ev_1","x":"a\nb"}}"#);
        assert_eq!(told, "id: 7\ndata: {\"id\":\"ev_1\",\"x\":\"a\\nb\"}\n\n");
        assert_eq!(sent(br#"{"cursor":"9","event":null}"#), "id: 9\n\n");
    }

    #[test]
    fn who_comes_back_goes_on_where_they_were() {
        let mut headers = HeaderMap::new();
        let cursor = |headers: &HeaderMap, path: &str| {
            let mut tree = Tree::new();
            tree.insert("cursor".to_owned(), Value::from("3"));
            resume(route(path), headers, &mut tree);
            tree.remove("cursor").unwrap()
        };
        assert_eq!(cursor(&headers, "/v2/events/watch"), "3");
        headers.insert(LAST_EVENT_ID, HeaderValue::from_static(""));
        assert_eq!(cursor(&headers, "/v2/events/watch"), "3");
        headers.insert(LAST_EVENT_ID, HeaderValue::from_static("12"));
        assert_eq!(cursor(&headers, "/v2/events/watch"), "12");
        assert_eq!(cursor(&headers, "/v2/events"), "3");
    }
}
