//! Services that panic, hang or talk nonsense: the caller hears of it in the house's words, with an id, and the next one is served.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_gateway::serve::{ServeConfig, serve};
use gantry_gateway::{Config, Deps, Wires};
use gantry_kernel::{Id, Problem, RequestId, SeededRng};
use gantry_proto::options::v1::Caller;
use gantry_rpc::{Resolver, SessionState, Wire, guard};
use http::{Request, Response};
use reqwest::Method;
use reqwest::header::HOST;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;

use crate::common::{App, Logs, Reply};

/// A gateway of its own before the services of a running Gantry, one of them replaced.
async fn gateway(app: &App, session: Wire, change: impl FnOnce(&mut Config)) -> SocketAddr {
    let mut config = Config::default();
    change(&mut config);
    let router = gantry_gateway::router(Deps {
        stop: tokio_util::sync::CancellationToken::new(),
        wires: Wires {
            session,
            ..app.running.wires.clone()
        },
        limiter: None,
        clock: app.clock.clone(),
        rng: Arc::new(SeededRng::new(11)),
        ready: Arc::new(|| async { Err("the moon".to_owned()) }.boxed()),
        config,
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let serving = ServeConfig::new(Arc::new(|| RequestId::from_bits(1).into_string()));
    gantry_telemetry::spawn(serve(listener, router, serving, CancellationToken::new()));
    addr
}

async fn get(app: &App, addr: SocketAddr, host: &str, path: &str) -> Reply {
    let request = app.client.request(Method::GET, format!("http://{addr}{path}"));
    Reply::of(request.header(HOST, host).send().await.unwrap()).await
}

/// A service that does one thing to every call.
fn service<F>(answer: impl Fn() -> F + Clone + Send + Sync + 'static) -> Wire
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    Wire::local(tower::service_fn(move |_: Request<Body>| {
        let answer = answer();
        async move { Ok::<_, Infallible>(answer.await) }
    }))
}

struct Nobody;

impl Resolver for Nobody {
    fn key<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Caller, Problem>> {
        unreachable!("calls from this process bring no key")
    }

    fn session<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<SessionState, Problem>> {
        unreachable!("the rpc of these tests needs no session")
    }
}

/// A handler that panics behind a guard, as one of ours would.
fn panicking_handler() -> Wire {
    let routes = axum::Router::new().fallback(|| async { panic!("the handler's secret thoughts") as () });
    Wire::local(guard(tonic::service::Routes::from(routes), Arc::new(Nobody), None))
}

fn panicking_service() -> Wire {
    service(|| async { panic!("the service's secret thoughts") })
}

/// A panic is printed by the standard hook, not by us; these tests want to see that it goes nowhere else.
fn quietly() {
    std::panic::set_hook(Box::new(|_| {}));
}

#[tokio::test]
async fn a_panic_is_an_answer_like_any_other() {
    quietly();
    let logs = Logs::catch();
    let app = App::start().await;
    let realm = app.realm().await;
    for wire in [panicking_handler(), panicking_service()] {
        let addr = gateway(&app, wire, |_| {}).await;
        for _ in 0..2 {
            let reply = get(&app, addr, &realm.host, "/connect/jwks").await;
            assert_eq!(reply.errors(500), ["Something went wrong on our side"]);
            let lines = logs.of(reply.request_id());
            assert!(
                lines.iter().any(|line| line["http.response.status_code"] == 500),
                "{lines:?}"
            );
            assert!(lines.iter().any(|line| line["level"] == "ERROR"), "{lines:?}");
        }
        // Others are served as ever.
        get(&app, addr, &realm.host, "/v2/nothing").await.errors(404);
        get(&app, addr, &realm.host, "/health/live").await.expect(200);
    }
    assert!(!logs.text().contains("secret thoughts"));
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_not_waited_for() {
    let logs = Logs::catch();
    let app = App::start().await;
    let realm = app.realm().await;
    let addr = gateway(&app, service(std::future::pending), |config| {
        config.request_timeout = Duration::from_millis(100);
    })
    .await;
    let reply = get(&app, addr, &realm.host, "/connect/jwks").await;
    assert_eq!(reply.errors(504), ["The answer took too long; please try again"]);
    assert!(
        logs.of(reply.request_id())
            .iter()
            .any(|line| line["error.type"] == "timeout")
    );
    get(&app, addr, &realm.host, "/health/live").await.expect(200);
}

#[tokio::test]
async fn a_service_that_talks_nonsense_is_our_fault_and_nobody_else_hears_it() {
    let app = App::start().await;
    let realm = app.realm().await;
    let empty = || Response::new(Body::empty());
    let internal = || tonic::Status::internal("select * from secrets").into_http();
    let away = || tonic::Status::unavailable("postgres://user:pass@db").into_http();
    let absent = || tonic::Status::not_found("no row in auth_users").into_http();
    let nonsense = [
        (service(move || async move { empty() }), 500),
        (service(move || async move { internal() }), 500),
        (service(move || async move { away() }), 503),
        (service(move || async move { absent() }), 404),
    ];
    for (wire, status) in nonsense {
        let addr = gateway(&app, wire, |_| {}).await;
        let reply = get(&app, addr, &realm.host, "/connect/jwks").await;
        let told = reply.errors(status);
        assert!(
            ["secrets", "postgres", "auth_users", "row"]
                .iter()
                .all(|word| !told[0].contains(word)),
            "{told:?}"
        );
        assert!(!format!("{:?}", reply.headers).contains("grpc-"), "{reply:?}");
    }
}

#[tokio::test]
async fn readiness_says_what_is_missing() {
    let app = App::start().await;
    let addr = gateway(&app, panicking_service(), |_| {}).await;
    let reply = get(&app, addr, "a", "/health/ready").await;
    assert_eq!(
        reply.expect(503),
        serde_json::json!({"status": "not ready", "missing": "the moon"})
    );
    get(&app, addr, "a", "/health/live").await.expect(200);
}
