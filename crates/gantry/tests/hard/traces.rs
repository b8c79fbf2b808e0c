//! One request, one trace: what a collector receives, and that its id is the X-Request-ID.

use gantry_kernel::RequestId;
use gantry_testkit::otlp::{OtlpCollector, ReceivedSpan, SpanKind};

use crate::common::{Api, PASSWORD, ROOT_KEY, Realm, Reply, Server, gantry};

/// The trace of a strangers' traceparent, and its span.
const STRANGER: (u128, u64) = (0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, 0xb7ad_6b71_6920_3331);
const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn trace_of(reply: &Reply) -> u128 {
    reply.request_id().parse::<RequestId>().unwrap().trace_id()
}

/// The spans of a request, which must be one tree that hangs together.
struct Trace {
    spans: Vec<ReceivedSpan>,
}

impl Trace {
    fn of(all: &[ReceivedSpan], id: u128) -> Self {
        let spans: Vec<ReceivedSpan> = all.iter().filter(|span| span.trace_id == id).cloned().collect();
        let trace = Self { spans };
        assert!(
            !trace.spans.is_empty(),
            "nothing was received of {id:032x}: {}",
            Self { spans: all.to_vec() }.told()
        );
        trace
    }

    fn told(&self) -> String {
        let line = |span: &ReceivedSpan| {
            format!(
                "{:016x} < {:016x} {:15} {:?} {}",
                span.span_id, span.parent, span.service, span.kind, span.name
            )
        };
        self.spans.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn parent(&self, span: &ReceivedSpan) -> Option<&ReceivedSpan> {
        self.spans.iter().find(|other| other.span_id == span.parent)
    }

    /// The names from a span up to the trace's root.
    fn way_up(&self, span: &ReceivedSpan) -> Vec<String> {
        let mut way = vec![span.name.clone()];
        let mut at = span;
        while let Some(parent) = self.parent(at) {
            way.push(parent.name.clone());
            at = parent;
        }
        way
    }

    /// The one span without a parent here; every other one has its parent here.
    fn root(&self) -> &ReceivedSpan {
        let tops: Vec<_> = self.spans.iter().filter(|span| self.parent(span).is_none()).collect();
        assert_eq!(tops.len(), 1, "one tree:\n{}", self.told());
        tops[0]
    }

    fn named(&self, kind: SpanKind, name: &str) -> Vec<&ReceivedSpan> {
        self.spans
            .iter()
            .filter(|span| span.kind == kind && span.name == name)
            .collect()
    }

    /// What every login's trace shows: gateway, calls to Auth and from there to Session, each with its work on the database.
    fn shows_a_login(&self, database: &str) {
        let root = self.root();
        assert_eq!(
            (root.kind, root.name.as_str()),
            (SpanKind::Server, "POST /v2/login"),
            "{}",
            self.told()
        );
        assert_eq!(root.attributes["http.route"], "/v2/login");
        for (rpc, caller) in [
            ("gantry.auth.v2.Auth/Login", "POST /v2/login"),
            ("gantry.session.v2.Session/OpenSession", "gantry.auth.v2.Auth/Login"),
        ] {
            let (clients, servers) = (self.named(SpanKind::Client, rpc), self.named(SpanKind::Server, rpc));
            assert_eq!((clients.len(), servers.len()), (1, 1), "{rpc}:\n{}", self.told());
            assert_eq!(servers[0].parent, clients[0].span_id, "{}", self.told());
            assert_eq!(clients[0].attributes["rpc.system.name"], "grpc");
            assert!(self.way_up(clients[0]).contains(&caller.to_owned()), "{}", self.told());
            let work = self.spans.iter().filter(|span| {
                span.attributes
                    .get("db.system.name")
                    .is_some_and(|name| name == database)
                    && self
                        .parent(span)
                        .is_some_and(|parent| parent.span_id == servers[0].span_id)
            });
            assert!(work.count() > 0, "{rpc} asks the database:\n{}", self.told());
        }
    }
}

/// One process on SQLite that tells a collector.
async fn traced(
    collector: &OtlpCollector,
    change: impl FnOnce(&mut std::process::Command),
) -> (Server, Api, Realm, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = gantry(dir.path(), &["serve"]);
    command
        .env("GANTRY_ROOT_API_KEY", ROOT_KEY)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    change(&mut command);
    let server = Server::start(&command).await;
    let api = Api::at(&server.http);
    let realm = api.new_realm().await;
    api.new_user(&realm, "ana@example.com").await.expect(201);
    (server, api, realm, dir)
}

#[tokio::test]
async fn a_login_is_one_trace_in_one_process() {
    let collector = OtlpCollector::start().await.unwrap();
    let (mut server, api, realm, _dir) = traced(&collector, |_| {}).await;
    let (one, two) = (
        api.login(&realm, "ana@example.com").await,
        api.login(&realm, "ana@example.com").await,
    );
    let event = api.events(&realm, one.request_id(), 1).await.remove(0);
    assert_eq!(event["request_id"], one.request_id());
    // What was not sent yet is sent at the end.
    server.stop().await;
    let spans = collector.spans();
    for login in [&one, &two] {
        let trace = Trace::of(&spans, trace_of(login));
        trace.shows_a_login("sqlite");
        assert!(
            trace.spans.iter().all(|span| span.service == "gantry"),
            "{}",
            trace.told()
        );
        assert!(trace.spans.iter().all(|span| !span.failed), "{}", trace.told());
    }
    assert_ne!(trace_of(&one), trace_of(&two));
    // What is looked for in the background, every second and mostly in vain, is no trace of its own.
    let lonely = spans
        .iter()
        .find(|span| span.parent == 0 && span.attributes.contains_key("db.system.name"));
    assert!(lonely.is_none(), "{lonely:?}");
}

#[tokio::test]
async fn t_33_no_span_holds_a_secret() {
    let collector = OtlpCollector::start().await.unwrap();
    let (mut server, api, realm, _dir) = traced(&collector, |command| {
        command.env("GANTRY_LOG__FILTER", "debug");
    })
    .await;
    let login = api.login(&realm, "ana@example.com").await.expect(200);
    let session = login["session"].as_str().unwrap();
    api.session(&realm, session).await.expect(200);
    api.get(&format!("/v2/sessions/{session}?realm_id={}", realm.id))
        .await
        .expect(200);
    api.send(api.logging_in(&realm, "ana@example.com", "wrong secret swordfish"))
        .await
        .errors(422);
    server.stop().await;
    let log = server.process.log();
    assert!(log.contains("DEBUG"), "{log}");
    let told = format!("{:#?}\n{log}", collector.spans());
    let key = ROOT_KEY.split('-').nth(1).unwrap();
    let token = login["token"].as_str().unwrap();
    for secret in [PASSWORD, "swordfish", session, token, key, "ana@example.com"] {
        let at = told.find(secret);
        assert!(
            at.is_none(),
            "{secret}: …{}…",
            &told[at.unwrap().saturating_sub(300)..at.unwrap() + 50]
        );
    }
}

#[tokio::test]
async fn a_stranger_s_trace_is_linked_and_not_continued() {
    let collector = OtlpCollector::start().await.unwrap();
    let (mut server, api, realm, _dir) = traced(&collector, |_| {}).await;
    let login = api
        .logging_in(&realm, "ana@example.com", PASSWORD)
        .header("traceparent", TRACEPARENT);
    let login = api.send(login).await;
    login.expect(200);
    assert_ne!(trace_of(&login), STRANGER.0);
    server.stop().await;
    let spans = collector.spans();
    let trace = Trace::of(&spans, trace_of(&login));
    trace.shows_a_login("sqlite");
    assert_eq!(
        (trace.root().parent, &trace.root().links),
        (0, &vec![STRANGER]),
        "{}",
        trace.told()
    );
    assert!(
        spans.iter().all(|span| span.trace_id != STRANGER.0),
        "nothing of ours is in the stranger's trace"
    );
}

#[tokio::test]
async fn a_trusted_caller_s_trace_is_continued_and_is_the_request_id() {
    let collector = OtlpCollector::start().await.unwrap();
    let (mut server, api, realm, _dir) = traced(&collector, |command| {
        command.env("GANTRY_OTEL__TRUSTED_CALLERS", "127.0.0.0/8");
    })
    .await;
    let login = api
        .logging_in(&realm, "ana@example.com", PASSWORD)
        .header("traceparent", TRACEPARENT);
    let login = api.send(login).await;
    login.expect(200);
    assert_eq!(trace_of(&login), STRANGER.0);
    // The first login makes the user's org too: its last event is waited for.
    let event = api.events(&realm, login.request_id(), 3).await.remove(0);
    assert_eq!(event["event_type"], "user.login.succeeded");
    // A trusted caller that sends nonsense gets an id of ours.
    let odd = api
        .logging_in(&realm, "ana@example.com", PASSWORD)
        .header("traceparent", "00-zz-01");
    let odd = api.send(odd).await;
    odd.expect(200);
    assert_ne!(trace_of(&odd), STRANGER.0);
    server.stop().await;
    let trace = Trace::of(&collector.spans(), STRANGER.0);
    trace.shows_a_login("sqlite");
    assert_eq!(trace.root().parent, STRANGER.1, "{}", trace.told());
}

mod needs_postgres {
    use gantry_testkit::otlp::OtlpCollector;

    use super::{Trace, trace_of};
    use crate::common::Plan;

    #[tokio::test]
    async fn a_login_is_one_trace_through_four_processes() {
        let collector = OtlpCollector::start().await.unwrap();
        let mut plan = Plan::new().await;
        plan.set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
        let mut cluster = plan.start(1).await;
        let api = cluster.api(0);
        let realm = api.new_realm().await;
        api.new_user(&realm, "ana@example.com").await.expect(201);
        let login = api.login(&realm, "ana@example.com").await;
        let session = login.expect(200)["session"].as_str().unwrap().to_owned();
        let check = api.session(&realm, &session).await;
        check.expect(200);
        let event = api.events(&realm, login.request_id(), 3).await.remove(0);
        assert_eq!(event["event_type"], "user.login.succeeded");
        cluster.stop().await;

        let spans = collector.spans();
        let trace = Trace::of(&spans, trace_of(&login));
        trace.shows_a_login("postgresql");
        let mut services: Vec<_> = trace.spans.iter().map(|span| span.service.as_str()).collect();
        services.sort_unstable();
        services.dedup();
        assert_eq!(
            services,
            ["gantry-auth", "gantry-gateway", "gantry-session"],
            "{}",
            trace.told()
        );
        assert_eq!(trace.root().service, "gantry-gateway");
        let check = Trace::of(&spans, trace_of(&check));
        assert_eq!(check.root().name, "GET /v2/session", "{}", check.told());
        assert!(
            spans.iter().any(|span| span.service == "gantry-event"),
            "Event tells its own work, too"
        );
    }
}
