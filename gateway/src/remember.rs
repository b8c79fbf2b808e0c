//! Answers that are given again while nothing that they depend on has changed. Whether it has is asked for each request anew, together
//! for all requests of a moment; nothing is given because it was true a moment ago. docs/adr/0008-answers-remembered-by-version.md.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use gantry_proto::auth::v2::ResolvedHost;
use gantry_proto::session::v2::session_client::SessionClient;
use gantry_proto::session::v2::{GetStampsRequest, Stamp};
use gantry_proto::{Access, Route};
use gantry_rpc::Wire;
use gantry_together::{Fault, Together};
use http::Method;
use http::request::Parts;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::Value;

use crate::Gateway;
use crate::negotiate::body_kind;
use crate::transcode::tree::from_query;

/// Bytes that an answer is expected to take, to size what finds it.
const TYPICAL: u64 = 2048;
/// Bytes that an entry takes beside its texts, about.
const FRAME: u64 = 384;

/// What an answer is about: a realm, and a session of it where the route is bound to one (else empty).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct About {
    pub(crate) realm_id: String,
    pub(crate) session: String,
}

impl About {
    /// What a request without a body is about, at a host as it was the last time; `None` where a session is needed and none is named.
    pub(crate) fn of(route: &Route, hint: &ResolvedHost, parts: &Parts) -> Option<Self> {
        let session = match route.rpc.access {
            Access::Session => {
                let tree = from_query(parts.uri.query()).ok()?;
                let named = tree.get("session").and_then(Value::as_str);
                named.filter(|session| !session.is_empty())?.to_owned()
            }
            _ => String::new(),
        };
        Some(Self {
            realm_id: hint.realm_id.clone(),
            session,
        })
    }
}

/// An answer, and what was true before it was asked for.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What the host was.
    pub(crate) host: Arc<ResolvedHost>,
    pub(crate) about: Arc<About>,
    pub(crate) stamp: Stamp,
    pub(crate) json: Bytes,
}

/// Where an answer may be kept once it is found out, and what was true before.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) name: String,
    pub(crate) about: Arc<About>,
    pub(crate) stamp: Stamp,
}

/// The answers that are kept, and the question whether they still hold.
pub(crate) struct Remembered {
    answers: Option<Cache<Box<str>, Arc<Answer>, Weight>>,
    stamps: Together<Arc<About>, Stamp, NoWord>,
}

/// Nobody can say whether an answer still holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoWord;

impl Fault for NoWord {
    fn lost() -> Self {
        Self
    }

    fn is_of_a_key(&self) -> bool {
        false
    }
}

#[derive(Debug, Clone, Copy)]
struct Weight;

impl Weighter<Box<str>, Arc<Answer>> for Weight {
    fn weight(&self, key: &Box<str>, answer: &Arc<Answer>) -> u64 {
        let texts = key.len() + answer.json.len() + answer.about.session.len() + answer.stamp.rest.len();
        FRAME + texts as u64
    }
}

impl Remembered {
    /// Keeps answers of at most so many bytes altogether; none with 0.
    pub(crate) fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / TYPICAL).unwrap_or(usize::MAX);
        Self {
            answers: (bytes > 0).then(|| Cache::with_weighter(items, bytes, Weight)),
            stamps: Together::default(),
        }
    }

    /// The name under which the answer to a request without a body is kept; `None` where none is.
    pub(crate) fn name(&self, route: &Route, host: &str, parts: &Parts) -> Option<String> {
        self.answers.as_ref()?;
        let plain = parts.method == Method::GET && body_kind(&parts.headers, true).is_ok();
        // Only who holds a session may fill the memory by queries of their own.
        let bound = route.rpc.access == Access::Session || parts.uri.query().is_none();
        let uri = parts.uri.path_and_query();
        let uri = uri.filter(|_| plain && bound && route.rpc.remembered)?;
        Some(format!("{host} {uri}"))
    }

    /// The answer that was given last; it may hold no more.
    pub(crate) fn last(&self, name: &str) -> Option<Arc<Answer>> {
        self.answers.as_ref()?.get(name)
    }

    /// Keeps an answer that a host gave, unless the host has become another realm's meanwhile.
    pub(crate) fn keep(&self, room: Room, host: &Arc<ResolvedHost>, json: &Bytes) {
        let Some(answers) = &self.answers else { return };
        if host.realm_id != room.about.realm_id {
            answers.remove(room.name.as_str());
            return;
        }
        let answer = Answer {
            host: Arc::clone(host),
            about: room.about,
            stamp: room.stamp,
            // To size: what JSON was written into has room to spare.
            json: Bytes::copy_from_slice(json),
        };
        answers.insert(room.name.into_boxed_str(), Arc::new(answer));
    }

    /// The stamp that is true now, or later than now; `None` where nothing may be remembered.
    pub(crate) async fn stamp(&self, session: &Wire, about: &Arc<About>) -> Option<Stamp> {
        let told = self.stamps.ask(session, Arc::clone(about), stamps).await;
        told.ok().flatten().filter(|stamp| !stamp.rest.is_empty())
    }
}

/// What is known of a request's answer before it is made.
pub(crate) enum Recalled {
    /// It was given before, and would be given again.
    Holds(Arc<Answer>),
    /// It has to be made, and then there is room for it.
    Missing(Room),
}

/// Recalls the answer to a request without a body; `None` where nothing may be remembered. What is true now is asked for before anything
/// else is, so that an answer is never newer than it is said to be.
pub(crate) async fn recall(
    gateway: &Gateway,
    route: &Route,
    (host_name, hint): (&str, Option<&ResolvedHost>),
    parts: &Parts,
) -> Option<Recalled> {
    let remembered = &gateway.remembered;
    let name = remembered.name(route, host_name, parts)?;
    let last = remembered.last(&name);
    let about = match &last {
        Some(last) => Arc::clone(&last.about),
        None => Arc::new(About::of(route, hint?, parts)?),
    };
    let stamp = remembered.stamp(&gateway.wires.session, &about).await?;
    Some(match last {
        Some(last) if last.stamp == stamp => Recalled::Holds(last),
        _ => Recalled::Missing(Room { name, about, stamp }),
    })
}

async fn stamps(session: Wire, asked: Vec<Arc<About>>) -> Result<HashMap<Arc<About>, Stamp>, NoWord> {
    let wire = |about: &Arc<About>| gantry_proto::session::v2::Stamped {
        realm_id: about.realm_id.clone(),
        session: about.session.clone(),
    };
    let request = GetStampsRequest {
        asked: asked.iter().map(wire).collect(),
    };
    // Why not stands in the log of the service, and each request finds out for itself.
    let told = SessionClient::new(session).get_stamps(request).await;
    let stamps = told.map_err(|_status| NoWord)?.into_inner().stamps;
    Ok(asked.into_iter().zip(stamps).collect())
}
