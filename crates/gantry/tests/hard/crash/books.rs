//! What is in a realm after all, held against what was acknowledged and what was told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::people::{Done, PEOPLE};
use crate::common::{Api, PASSWORD, Realm, until};

/// A realm's users, live sessions and events.
pub(crate) struct Books<'a> {
    api: &'a Api,
    realm: &'a Realm,
    users: BTreeSet<String>,
    open: BTreeSet<String>,
    events: Vec<Value>,
}

fn ids(things: &[Value]) -> BTreeSet<String> {
    things
        .iter()
        .map(|thing| thing["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether a session key belongs to one of these session ids, whole key or name.
fn is_of(key: &str, ids: &BTreeSet<String>) -> bool {
    ids.iter().any(|id| key.starts_with(id.as_str()) || id.starts_with(key))
}

impl<'a> Books<'a> {
    /// Reads them when everything has been told: what dead processes left in their outboxes arrives in its time.
    pub(crate) async fn when_settled(api: &'a Api, realm: &'a Realm, acknowledged: &[Done]) -> Self {
        let of_realm = format!("realm_id={}", realm.id);
        until("everything is told", async || {
            let books = Self {
                api,
                realm,
                users: ids(&api.all("/v2/users", &of_realm).await),
                open: ids(&api.all("/v2/sessions", &of_realm).await),
                events: api.all("/v2/events", &format!("{of_realm}&created_at_after=")).await,
            };
            books.are_settled(acknowledged).then_some(books)
        })
        .await
    }

    /// Whether each change that can be seen, acknowledged or not, has been told.
    fn are_settled(&self, acknowledged: &[Done]) -> bool {
        let told = self.by_request();
        let tells = |done: &Done| {
            told.get(done.request())
                .is_some_and(|types| types.contains(&done.event_type()))
        };
        let closed = self.about("session.deleted", "session_id");
        let known = |id: &String| is_of(id, &self.open) || closed.contains(id);
        let created = self.about("user.created", "user_id");
        acknowledged.iter().all(tells)
            && self.users.is_subset(&created)
            && self.about("user.login.succeeded", "session_id").iter().all(known)
    }

    /// Event types by the request that caused them.
    fn by_request(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for event in &self.events {
            let request = event["request_id"].as_str().unwrap();
            all.entry(request)
                .or_default()
                .push(event["event_type"].as_str().unwrap());
        }
        all
    }

    /// What the events of a type are about; each of them about a thing of its own.
    fn about(&self, event_type: &str, field: &str) -> BTreeSet<String> {
        let of_type = self.events.iter().filter(|event| event["event_type"] == event_type);
        let all: Vec<String> = of_type.map(|event| event[field].as_str().unwrap().to_owned()).collect();
        let about: BTreeSet<String> = all.iter().cloned().collect();
        assert_eq!(about.len(), all.len(), "{event_type} was told twice of one {field}");
        about
    }

    /// All is as it was acknowledged, told exactly once, and nothing is half done; after so many rounds of killing.
    pub(crate) async fn are_in_order(&self, acknowledged: &[Done], rounds: usize) {
        let opened = self.about("user.login.succeeded", "session_id");
        let closed = self.about("session.deleted", "session_id");
        self.hold_what_was_acknowledged(acknowledged, &closed).await;
        // And the other way round: what is there was told, what was told is there.
        assert_eq!(self.about("user.created", "user_id"), self.users);
        assert!(closed.is_subset(&opened), "only what was opened is closed");
        for session in &opened {
            assert_ne!(is_of(session, &self.open), closed.contains(session), "{session}");
        }
        // Session opens a session before Auth tells of the login: when they die between the two there is a session whose key
        // nobody has. It was never acknowledged, and each death leaves as many as there were people at the most.
        let unborn: Vec<&String> = self.open.iter().filter(|id| !is_of(id, &opened)).collect();
        assert!(unborn.len() <= rounds * PEOPLE, "{unborn:?}");
        // It lives on.
        let email = "afterwards@example.com";
        let request = self.api.new_user(self.realm, email).await;
        request.expect(201);
        let login = self.api.send(self.api.logging_in(self.realm, email, PASSWORD)).await;
        login.expect(200);
        self.api.events(self.realm, login.request_id(), 1).await;
    }

    async fn hold_what_was_acknowledged(&self, acknowledged: &[Done], closed: &BTreeSet<String>) {
        let told = self.by_request();
        // A first login makes the user's org and membership as well, each of which is told once, too.
        for done in acknowledged {
            let types: BTreeSet<&str> = told[done.request()].iter().copied().collect();
            let once = types.len() == told[done.request()].len() && types.contains(done.event_type());
            assert!(once, "{done:?}: {:?}", told[done.request()]);
            match done {
                Done::Created { user, .. } => assert!(self.users.contains(user), "{user} was acknowledged"),
                Done::SignedIn { session, .. } => {
                    // Its person may have signed out, and not have been told so any more.
                    let known = is_of(session, &self.open) || is_of(session, closed);
                    assert!(known, "{session} was acknowledged");
                }
                Done::SignedOut { session, .. } => {
                    assert!(!is_of(session, &self.open), "{session} was ended");
                    self.api.session(self.realm, session).await.errors(403);
                }
            }
        }
    }
}
