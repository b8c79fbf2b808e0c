//! People who use Gantry while it dies under them, and remember what they were told.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::common::{Api, PASSWORD, Realm};

/// How many do something at the same time.
pub(crate) const PEOPLE: usize = 6;

/// What somebody did, and the id of the request that did it; told once the answer was read.
#[derive(Debug, Clone)]
pub(crate) enum Done {
    Created { user: String, request: String },
    SignedIn { session: String, request: String },
    SignedOut { session: String, request: String },
}

impl Done {
    pub(crate) fn request(&self) -> &str {
        match self {
            Self::Created { request, .. } | Self::SignedIn { request, .. } | Self::SignedOut { request, .. } => request,
        }
    }

    /// The event that tells of it.
    pub(crate) fn event_type(&self) -> &'static str {
        match self {
            Self::Created { .. } => "user.created",
            Self::SignedIn { .. } => "user.login.succeeded",
            Self::SignedOut { .. } => "session.deleted",
        }
    }
}

/// People at work.
pub(crate) struct People {
    over: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    told: mpsc::UnboundedReceiver<Done>,
    done: Vec<Done>,
}

impl People {
    /// Lets them begin; the users they make have `name` in their addresses.
    pub(crate) fn begin(api: &Api, realm: &Realm, name: &str) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let over = CancellationToken::new();
        let tasks = (0..PEOPLE).map(|number| {
            let person = Person {
                api: api.clone(),
                realm: realm.clone(),
                name: format!("{name}-{number}"),
                tell: tell.clone(),
            };
            gantry_telemetry::spawn(person.live(over.clone()))
        });
        Self {
            tasks: tasks.collect(),
            over,
            told,
            done: Vec::new(),
        }
    }

    /// Waits until so many more deeds were acknowledged.
    pub(crate) async fn wait_for(&mut self, count: usize) {
        for _ in 0..count {
            let done = tokio::time::timeout(Duration::from_secs(30), self.told.recv()).await;
            self.done.push(done.expect("somebody gets something done").unwrap());
        }
    }

    /// Ends their work, and answers all that was acknowledged.
    pub(crate) async fn end(mut self) -> Vec<Done> {
        self.over.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
        while let Some(done) = self.told.recv().await {
            self.done.push(done);
        }
        self.done
    }
}

struct Person {
    api: Api,
    realm: Realm,
    name: String,
    tell: mpsc::UnboundedSender<Done>,
}

impl Person {
    async fn live(self, over: CancellationToken) {
        for turn in 0.. {
            if over.is_cancelled() {
                return;
            }
            if self.turn(turn).await.is_none() {
                // Nobody hammers at a closed door.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Creates a user, signs in as that user, and out again, as far as it is acknowledged.
    async fn turn(&self, turn: usize) -> Option<()> {
        let Self { api, realm, name, tell } = self;
        let email = format!("{name}-{turn}@example.com");
        let user = json!({"realm_id": realm.id, "user": {"email": email, "password": PASSWORD}});
        let (body, request) = acknowledged(api.root(Method::POST, "/v2/users").json(&user), 201).await?;
        let user = body["id"].as_str().unwrap().to_owned();
        tell.send(Done::Created { user, request }).unwrap();
        let (body, request) = acknowledged(api.logging_in(realm, &email, PASSWORD), 200).await?;
        let session = body["session"].as_str().unwrap().to_owned();
        let signed_in = Done::SignedIn {
            session: session.clone(),
            request,
        };
        tell.send(signed_in).unwrap();
        let path = format!("/v2/session?session={session}");
        let (_, request) = acknowledged(api.visitor(realm, Method::DELETE, &path), 200).await?;
        tell.send(Done::SignedOut { session, request }).unwrap();
        Some(())
    }
}

/// Sends a request. `None` when it was not acknowledged: the connection broke before the answer was read to its end, or a
/// service behind is away, which the gateway says in one of two ways and no other.
async fn acknowledged(request: RequestBuilder, status: u16) -> Option<(Value, String)> {
    let response = request.send().await.ok()?;
    let got = response.status().as_u16();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.ok()?;
    if [503, 504].contains(&got) {
        return None;
    }
    assert_eq!(got, status, "{body}");
    Some((body, id))
}
