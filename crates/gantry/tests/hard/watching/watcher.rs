//! Somebody who watches a realm, comes back whenever the stream breaks, and remembers what was told, each time it was.

use std::time::Duration;

use gantry_proto::event::v2::WatchRequest;
use gantry_proto::event::v2::event_client::EventClient;
use reqwest::Method;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Code, Status};

use crate::common::{Api, Realm, Source, channel, with_key};

/// An event as it was told: its place, and its id.
pub(crate) type Told = (i64, String);

/// By which way somebody watches.
#[derive(Clone)]
enum Way {
    /// Server-sent events, from `Last-Event-ID` on.
    Http(Api),
    /// gRPC at a service's address, from a cursor on.
    Grpc(String),
}

/// What came of it so far.
#[derive(Debug, Default)]
struct State {
    told: Vec<Told>,
    /// Streams that were open, and ended.
    ended: usize,
}

/// A watcher at work; it ends when this is dropped.
pub(crate) struct Watcher {
    pub(crate) name: &'static str,
    state: watch::Receiver<State>,
    _going: DropGuard,
}

impl Watcher {
    pub(crate) fn over_http(api: &Api, realm: &Realm) -> Self {
        Self::begin("over HTTP", Way::Http(api.clone()), realm)
    }

    pub(crate) fn over_grpc(url: &str, realm: &Realm) -> Self {
        Self::begin("over gRPC", Way::Grpc(url.to_owned()), realm)
    }

    fn begin(name: &'static str, way: Way, realm: &Realm) -> Self {
        let (tell, state) = watch::channel(State::default());
        let going = CancellationToken::new();
        let watching = Watching {
            way,
            realm: realm.clone(),
            place: "0".to_owned(),
            tell,
        };
        let over = going.clone();
        gantry_telemetry::spawn(async move { over.run_until_cancelled(watching.live()).await });
        Self {
            name,
            state,
            _going: going.drop_guard(),
        }
    }

    /// All that it was told, in order, and twice what was told twice.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.state.borrow().told.clone()
    }

    /// How many of its streams broke.
    pub(crate) fn ended(&self) -> usize {
        self.state.borrow().ended
    }

    /// Waits until it was told more than so many events.
    pub(crate) async fn is_told_more_than(&self, count: usize) {
        let mut state = self.state.clone();
        let more = state.wait_for(|state| state.told.len() > count);
        let more = tokio::time::timeout(Duration::from_secs(60), more).await;
        let more = more.unwrap_or_else(|_| panic!("nothing was told {} for a minute", self.name));
        drop(more.expect("a watcher goes on, whatever happens"));
    }
}

struct Watching {
    way: Way,
    realm: Realm,
    place: String,
    tell: watch::Sender<State>,
}

impl Watching {
    async fn live(mut self) {
        loop {
            let way = self.way.clone();
            let was_open = match way {
                Way::Http(api) => self.over_http(&api).await,
                Way::Grpc(url) => self.over_grpc(&url).await,
            };
            if was_open {
                self.tell.send_modify(|state| state.ended += 1);
            }
            // Nobody hammers at a closed door.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// One stream from its beginning to its end; tells whether it began.
    async fn over_http(&mut self, api: &Api) -> bool {
        let request = api
            .root(Method::GET, "/v2/events/watch?cursor=0")
            .header("accept", "text/event-stream")
            .header("authrocket-realm", &self.realm.id)
            .header("last-event-id", &self.place);
        let response = match request.send().await {
            Ok(response) if ![503, 504].contains(&response.status().as_u16()) => response,
            _ => return false,
        };
        if let Ok(mut source) = Source::of(response).await {
            while let Ok(Some(sent)) = source.next().await {
                if sent.kind == "error" {
                    // Why it ends: who was behind the gateway is gone.
                    assert_eq!(sent.data["reason"], "unavailable", "{sent:?}");
                    continue;
                }
                self.is_told(sent.id, sent.data["id"].as_str());
            }
        }
        true
    }

    async fn over_grpc(&mut self, url: &str) -> bool {
        let asked = WatchRequest {
            cursor: self.place.clone(),
            ..WatchRequest::default()
        };
        let mut client = EventClient::new(channel(url));
        let mut stream = match client.watch(with_key(asked, &self.realm)).await {
            Ok(stream) => stream.into_inner(),
            Err(status) => {
                is_of_a_death(&status);
                return false;
            }
        };
        loop {
            match stream.message().await {
                Ok(Some(response)) => {
                    let id = response.event.map(|event| event.id);
                    self.is_told(response.cursor, id.as_deref());
                }
                Ok(None) => return true,
                Err(status) => {
                    is_of_a_death(&status);
                    return true;
                }
            }
        }
    }

    fn is_told(&mut self, place: String, id: Option<&str>) {
        if let Some(id) = id {
            let told = (place.parse().unwrap(), id.to_owned());
            self.tell.send_modify(|state| state.told.push(told));
        }
        self.place = place;
    }
}

/// A connection that broke, or that could not be made, and nothing that a service refuses.
fn is_of_a_death(status: &Status) {
    let codes = [
        Code::Unavailable,
        Code::Unknown,
        Code::Internal,
        Code::Cancelled,
        Code::DeadlineExceeded,
    ];
    assert!(codes.contains(&status.code()), "{status:?}");
}
