//! What every call makes happen: each rpc of the contract, and the events that follow from it, exactly those (contract 5.1).
//!
//! A [`Book`] notes down what is asked and what should follow; at the end it is held against all that the realm's events tell.

mod by_mail;
mod config;
mod external;
mod invitations;
mod orgs;
mod passwords;
mod refused;
mod sessions;
mod signup;
mod table;
mod users;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use gantry_proto::{Access, ROUTES, Route};
use reqwest::Method;
use reqwest::header::USER_AGENT;
use serde_json::{Value, json};

use crate::common::{App, Reply, TestRealm};

/// The fields that name what an event concerns, as they are told here.
const FIELDS: [(&str, &str); 6] = [
    ("user_id", "user"),
    ("org_id", "org"),
    ("membership_id", "membership"),
    ("session_id", "session"),
    ("auth_provider_id", "provider"),
    ("invitation_id", "invitation"),
];

/// Types by rpc, as they were seen.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// A call that was made, and what should follow.
struct Called {
    what: String,
    request_id: String,
    /// What the event must tell of who asked.
    request: Value,
    expected: Vec<String>,
}

/// What was asked in a realm.
struct Book<'a> {
    realm: TestRealm<'a>,
    /// What ids are called here.
    names: HashMap<String, String>,
    called: Vec<Called>,
    seen: Seen,
    wrong: Vec<String>,
}

/// The route that a verb and a path are of.
fn route(verb: &str, path: &str) -> &'static Route {
    let path = path.split('?').next().unwrap();
    let fits = |route: &&Route| {
        let (mut template, mut parts) = (route.path.split('/'), path.split('/'));
        loop {
            match (template.next(), parts.next()) {
                (None, None) => return route.verb == verb,
                (Some(t), Some(p)) if t == p || t.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let own = |route: &&Route| route.path.split('/').filter(|part| !part.starts_with('{')).count();
    let found = ROUTES.iter().filter(fits).max_by_key(own);
    found.unwrap_or_else(|| panic!("no route for {verb} {path}"))
}

fn rpc_name(route: &Route) -> String {
    format!("{}/{}", route.rpc.service.rsplit('.').next().unwrap(), route.rpc.method)
}

impl<'a> Book<'a> {
    fn of(realm: TestRealm<'a>) -> Self {
        Self {
            realm,
            names: HashMap::new(),
            called: Vec::new(),
            seen: Seen::new(),
            wrong: Vec::new(),
        }
    }

    fn app(&self) -> &'a App {
        self.realm.app
    }

    /// Names an id; of a session's key, the part that events may tell.
    fn name(&mut self, id: &Value, name: &str) {
        let id = id.as_str().unwrap_or_default();
        self.names.insert(id.chars().take(26).collect(), name.to_owned());
    }

    /// A call that succeeds, and the events that follow from it. What it answers with is called `name` from now on.
    async fn good(&mut self, verb: &str, path: &str, body: Value, name: &str, expected: &[&str]) -> Value {
        let reply = self.call(verb, path, body, expected).await;
        let json: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        if reply.status >= 300 {
            self.wrong
                .push(format!("{verb} {path}: {} {}", reply.status, reply.text));
            return json;
        }
        if !name.is_empty() {
            self.name(&json["id"], name);
            self.name(&json["session"], name);
        }
        let types = expected.iter().map(|line| line.split(' ').next().unwrap().to_owned());
        self.seen.entry(rpc_name(route(verb, path))).or_default().extend(types);
        json
    }

    /// A call that is refused, and the events that follow nevertheless.
    async fn bad(&mut self, verb: &str, path: &str, body: Value, expected: &[&str]) {
        let reply = self.call(verb, path, body, expected).await;
        if !(400..500).contains(&reply.status) {
            self.wrong
                .push(format!("{verb} {path}: {} {}", reply.status, reply.text));
        }
    }

    async fn call(&mut self, verb: &str, path: &str, mut body: Value, expected: &[&str]) -> Reply {
        let method: Method = verb.parse().unwrap();
        let client = format!("call {}", self.called.len());
        let mut ip = "127.0.0.1";
        let request = match route(verb, path).rpc.access {
            Access::Key => {
                if verb != "GET" {
                    ip = "203.0.113.9";
                    body["request"] = json!({"ip": ip, "client": client});
                }
                self.realm.core(method, path)
            }
            _ => self.realm.anyone(method, path).header(USER_AGENT, client.clone()),
        };
        let request = if body.is_null() { request } else { request.json(&body) };
        let reply = self.app().send(request).await;
        let request_id = reply.request_id().to_owned();
        self.wait_for(&request_id, expected.len()).await;
        self.called.push(Called {
            what: format!("{verb} {path}"),
            request_id,
            request: json!({"ip": ip, "client": client}),
            expected: expected.iter().map(|line| (*line).to_owned()).collect(),
        });
        reply
    }

    /// Waits until so many events of a call can be read, and not for ever: what does not come is told at the end.
    async fn wait_for(&self, request_id: &str, count: usize) -> Vec<Value> {
        let path = format!("/v2/events?request_id={request_id}&created_at_after=");
        let deadline = tokio::time::Instant::now() + Duration::from_secs(3);
        loop {
            let found = self.realm.list(&path).await;
            if found.len() >= count || tokio::time::Instant::now() > deadline {
                return found;
            }
        }
    }

    /// The token of an event of the last call; empty when there is none.
    async fn token(&self, event_type: &str) -> String {
        let last = self.called.last().unwrap();
        let events = self.wait_for(&last.request_id, last.expected.len()).await;
        let of_type = events.iter().find(|event| event["event_type"] == event_type);
        of_type
            .map_or("", |event| event["token"].as_str().unwrap_or_default())
            .to_owned()
    }

    /// An event in a line: its type, what it concerns, and whether it has a token.
    fn line(&self, event: &Value) -> String {
        let mut line = event["event_type"].as_str().unwrap().to_owned();
        for (field, word) in FIELDS {
            if let Some(id) = event[field].as_str() {
                line += &format!(" {word}={}", self.names.get(id).map_or("?", String::as_str));
            }
        }
        if event["token"].is_string() {
            line += " +token";
        }
        line
    }

    /// Holds all that was asked against all that happened.
    async fn close(mut self) -> (Seen, Vec<String>) {
        let all = self.realm.history().await;
        let mut by_call: HashMap<String, Vec<&Value>> = HashMap::new();
        for event in &all {
            by_call
                .entry(event["request_id"].as_str().unwrap_or_default().to_owned())
                .or_default()
                .push(event);
        }
        for called in &self.called {
            let events = by_call.remove(&called.request_id).unwrap_or_default();
            let mut lines: Vec<String> = events.iter().map(|event| self.line(event)).collect();
            // Auth and Session each keep the order of theirs.
            lines.sort_by_key(|line| line.starts_with("session."));
            if lines != called.expected {
                self.wrong.push(format!(
                    "{}\n  made     {lines:?}\n  expected {:?}",
                    called.what, called.expected
                ));
            }
            for event in events.iter().filter(|event| event["request"] != called.request) {
                self.wrong.push(format!(
                    "{}: {} is not of {}",
                    called.what, event["request"], called.request
                ));
            }
        }
        for (id, events) in by_call {
            let lines: Vec<String> = events.iter().map(|event| self.line(event)).collect();
            self.wrong.push(format!("nobody expected {lines:?} of {id:?}"));
        }
        self.hidden_from_readers().await;
        (self.seen, self.wrong)
    }

    /// Keys that may only read see no event's token.
    async fn hidden_from_readers(&mut self) {
        let key = self.app().key("read", Some(&self.realm.id)).await;
        let path = "/v2/events?created_at_after=&max_results=1000";
        let list = self
            .app()
            .send(self.app().holder(&key, Method::GET, path))
            .await
            .expect(200);
        for event in list["collection"].as_array().unwrap() {
            if event.get("token").is_some() {
                self.wrong.push(format!("a reader sees {event}"));
            }
        }
    }
}

#[tokio::test]
async fn every_call_makes_exactly_the_events_that_the_table_says() {
    let app = App::start_with(|config| {
        config.limits_enabled = false;
        config.dummy_provider = true;
    })
    .await;
    let (mut seen, mut wrong) = (Seen::new(), Vec::new());
    let mut add = |(more, bad): (Seen, Vec<String>)| {
        for (rpc, types) in more {
            seen.entry(rpc).or_default().extend(types);
        }
        wrong.extend(bad);
    };
    add(users::book(&app).await);
    add(passwords::book(&app).await);
    add(by_mail::book(&app).await);
    add(sessions::book(&app).await);
    add(orgs::book(&app).await);
    add(invitations::book(&app).await);
    add(external::book(&app).await);
    add(config::book(&app).await);
    for book in signup::books(&app).await {
        add(book);
    }
    add(refused::book(&app).await);
    wrong.extend(table::differences(&seen));
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}
