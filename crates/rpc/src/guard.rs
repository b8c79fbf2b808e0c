//! The one layer that decides who may call what, by the rule that the contract gives each rpc. It stands before every
//! service, in process too, where tonic itself neither enforces a deadline nor catches a panic.

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gantry_kernel::{Clock, IdSource, Problem, Reason, RequestId, Secret, SystemClock, SystemRng};
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Permission, Rpc};
use gantry_telemetry::CallLine;
use http::{HeaderMap, HeaderValue, Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;
use tracing::Instrument;

use crate::call::{CALLER, CLUSTER, Call, OpenedBy, key_of, read_caller};
use crate::wire::InProcess;
use crate::{from_status, to_status};

/// How long a call may take when it says nothing, and at the most.
const LONGEST: Duration = Duration::from_secs(30);
/// Paths that need no caller: whether the server lives, and what it offers, is no secret.
const OPEN: [&str; 2] = ["/grpc.health.v1.Health/", "/grpc.reflection."];

/// The header of a request's id.
const REQUEST_ID: &str = "x-request-id";

/// What a resolver found out about a session, in a type of its own service.
pub type SessionState = Arc<dyn Any + Send + Sync>;

/// Finds out what credentials are worth. Auth asks its database, the other services ask Auth.
pub trait Resolver: Send + Sync + 'static {
    /// Reads an API key.
    fn key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Caller, Problem>>;

    /// Checks a session key of a realm; the state is handed to the handler.
    fn session<'a>(&'a self, session: &'a str, realm_id: &'a str) -> BoxFuture<'a, Result<SessionState, Problem>>;
}

/// A service with its guard.
#[derive(Clone)]
pub struct Guard {
    routes: Routes,
    resolver: Arc<dyn Resolver>,
    secret: Option<Secret>,
    ids: IdSource,
    clock: Arc<dyn Clock>,
}

/// Puts a guard before a service's routes. `secret` is what peers in other processes must know; without one, none is believed.
pub fn guard(routes: Routes, resolver: Arc<dyn Resolver>, secret: Option<Secret>) -> Guard {
    // Ids and durations for the log alone: no rule depends on them, so they need no clock of the tests' own.
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    Guard {
        ids: IdSource::new(Arc::clone(&clock), Arc::new(SystemRng)),
        clock,
        routes: routes.prepare(),
        resolver,
        secret: secret.filter(|secret| !secret.is_empty()),
    }
}

impl Service<Request<Body>> for Guard {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let this = self.clone();
        if request.extensions().get::<InProcess>().is_some() {
            let span = gantry_telemetry::rpc_inner_span(request.uri().path());
            return async move { Ok(this.bounded(request).await) }.instrument(span).boxed();
        }
        if this.is_peer(request.headers()).unwrap_or(false) {
            let span = gantry_telemetry::rpc_server_span(request.uri().path(), request.headers());
            return async move { Ok(this.bounded(request).await) }.instrument(span).boxed();
        }
        async move { Ok(this.call_from_outside(request).await) }.boxed()
    }
}

impl Guard {
    /// A call from outside is the beginning of a request: it gets an id of ours, which its answer carries, and a line in the log.
    async fn call_from_outside(self, mut request: Request<Body>) -> Response<Body> {
        let id: RequestId = self.ids.id();
        let path = gantry_proto::rpc(request.uri().path()).map_or("", |rpc| rpc.path);
        let span = gantry_telemetry::rpc_request_span(&id, path, Some(request.headers()), false);
        request.headers_mut().remove(REQUEST_ID);
        if let Ok(value) = HeaderValue::try_from(id.as_str()) {
            request.headers_mut().insert(REQUEST_ID, value);
        }
        let started = self.clock.monotonic_ms();
        let mut response = self.clone().bounded(request).instrument(span.clone()).await;
        if let Ok(value) = HeaderValue::try_from(id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        if !path.is_empty() {
            let status = Status::from_header_map(response.headers()).unwrap_or(Status::ok(""));
            let problem = (status.code() != tonic::Code::Ok).then(|| from_status(&status));
            let took = u64::try_from(self.clock.monotonic_ms() - started).unwrap_or(0);
            let line = CallLine {
                rpc_path: path,
                code: code_name(status.code()),
                ours: problem.as_ref().is_some_and(|problem| problem.reason.is_ours()),
                duration: Duration::from_millis(took),
                reason: problem.as_ref().map(|problem| problem.reason.key()),
            };
            gantry_telemetry::log_call(&span, &line, false);
        }
        response
    }

    /// Within its deadline, and whatever the handler does, there is an answer. A stream outlives the deadline: it bounds the
    /// time to the answer's head, and what follows is the handler's to bound.
    async fn bounded(self, request: Request<Body>) -> Response<Body> {
        let deadline = timeout_of(request.headers()).unwrap_or(LONGEST).min(LONGEST);
        let work = AssertUnwindSafe(self.checked(request)).catch_unwind();
        match tokio::time::timeout(deadline, work).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(problem))) => refuse(&problem),
            Ok(Err(_panic)) => {
                tracing::error!("a handler panicked");
                refuse(&Reason::Internal.into())
            }
            Err(_late) => refuse(&Reason::Timeout.into()),
        }
    }

    async fn checked(mut self, mut request: Request<Body>) -> Result<Response<Body>, Problem> {
        let path = request.uri().path();
        if let Some(rpc) = gantry_proto::rpc(path) {
            let local = request.extensions().get::<InProcess>().is_some();
            let call = self.admit(rpc, request.headers(), local).await?;
            // What was believed is in the call; nothing below reads it from the headers again.
            for name in [CALLER, CLUSTER, "authorization", "authrocket-api-key"] {
                request.headers_mut().remove(name);
            }
            request.extensions_mut().insert(call);
        } else if !OPEN.iter().any(|open| path.starts_with(open)) {
            return Err(Reason::NotFound.into());
        }
        match self.routes.call(request).await {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        }
    }

    async fn admit(&self, rpc: &'static Rpc, headers: &HeaderMap, local: bool) -> Result<Call, Problem> {
        let (caller, key) = if local || self.is_peer(headers)? {
            let caller = read_caller(headers).unwrap_or(Caller {
                access: Access::Service as i32,
                ..Caller::default()
            });
            // A gateway hands on the key that opens a stream, so that it can be asked after again.
            let key = key_of(headers).0.filter(|_| caller.access() == Access::Key);
            (caller, key.map(Secret::new))
        } else {
            let (caller, key) = self.stranger(headers).await?;
            (caller, Some(key))
        };
        let told = Some(caller.request_id.clone()).filter(|id| !id.is_empty());
        let request_id = told.or_else(|| gantry_telemetry::request_id(headers).map(RequestId::into_string));
        let mut call = Call {
            caller,
            request_id,
            reader_locale: Arc::default(),
            session: None,
            opened_by: key.map(|key| OpenedBy {
                key: Arc::new(key),
                resolver: self.resolver.clone(),
                rpc,
            }),
        };
        allowed(rpc, &call.caller)?;
        if rpc.access == Access::Session {
            let realm = call.realm(None)?;
            let session = &call.caller.session;
            if session.is_empty() {
                return Err(Reason::SessionInvalid.into());
            }
            call.session = Some(self.resolver.session(session, realm.as_str()).await?);
        }
        Ok(call)
    }

    /// Whether the request comes from this installation's own services in other processes. A wrong secret is refused, not overlooked.
    fn is_peer(&self, headers: &HeaderMap) -> Result<bool, Problem> {
        let Some(given) = headers.get(CLUSTER) else {
            return Ok(false);
        };
        let good = self
            .secret
            .as_ref()
            .is_some_and(|secret| given.to_str().is_ok_and(|given| secret.matches(given)));
        if good {
            Ok(true)
        } else {
            Err(Reason::PeerUnknown.into())
        }
    }

    /// A program with an API key; whatever it says of itself otherwise is not believed.
    async fn stranger(&self, headers: &HeaderMap) -> Result<(Caller, Secret), Problem> {
        let (key, realm) = key_of(headers);
        let key = key.ok_or(Reason::KeyMissing)?;
        let mut caller = self.resolver.key(key).await?;
        caller.access = Access::Key as i32;
        caller.realm_id = realm.unwrap_or(&caller.key_realm_id).to_owned();
        caller.client = text(headers, "user-agent").unwrap_or_default();
        caller.session = text(headers, "gantry-session").unwrap_or_default();
        Ok((caller, Secret::new(key)))
    }
}

/// Whether a caller may call an rpc: refused unless the contract's rule says otherwise.
pub(crate) fn allowed(rpc: &Rpc, caller: &Caller) -> Result<(), Problem> {
    let may = |needed: Permission| caller.access() == Access::Key && caller.permission >= needed as i32;
    let good = match rpc.access {
        Access::Unspecified => false,
        Access::Anyone => caller.access() == Access::Anyone || may(Permission::Read),
        Access::Session => caller.access() == Access::Anyone || may(Permission::Read),
        Access::Key => rpc.permission != Permission::Unspecified && may(rpc.permission),
        Access::Service => caller.access() == Access::Service,
    };
    if good {
        Ok(())
    } else {
        Err(Reason::PermissionMissing.into())
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn refuse(problem: &Problem) -> Response<Body> {
    let status = to_status(problem);
    debug_assert_eq!(from_status(&status).reason, problem.reason);
    status.into_http()
}

/// Reads `grpc-timeout`: digits and a unit.
fn timeout_of(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let amount: u64 = digits.parse().ok().filter(|_| digits.len() <= 8)?;
    Some(match unit {
        "H" => Duration::from_secs(amount * 3600),
        "M" => Duration::from_secs(amount * 60),
        "S" => Duration::from_secs(amount),
        "m" => Duration::from_millis(amount),
        "u" => Duration::from_micros(amount),
        "n" => Duration::from_nanos(amount),
        _ => return None,
    })
}

/// The name of a status code, as OpenTelemetry writes it.
fn code_name(code: tonic::Code) -> &'static str {
    use tonic::Code::*;
    match code {
        Ok => "OK",
        Cancelled => "CANCELLED",
        Unknown => "UNKNOWN",
        InvalidArgument => "INVALID_ARGUMENT",
        DeadlineExceeded => "DEADLINE_EXCEEDED",
        NotFound => "NOT_FOUND",
        AlreadyExists => "ALREADY_EXISTS",
        PermissionDenied => "PERMISSION_DENIED",
        ResourceExhausted => "RESOURCE_EXHAUSTED",
        FailedPrecondition => "FAILED_PRECONDITION",
        Aborted => "ABORTED",
        OutOfRange => "OUT_OF_RANGE",
        Unimplemented => "UNIMPLEMENTED",
        Internal => "INTERNAL",
        Unavailable => "UNAVAILABLE",
        DataLoss => "DATA_LOSS",
        Unauthenticated => "UNAUTHENTICATED",
    }
}
