//! The whole order of what stands around the routes, each with its why. From the outside in:
//!
//! 1. `observe`: the request's id and span come first, so that whatever happens below is in the trace, logged once, and answered with
//!    X-Request-ID; a panic below it becomes a 500 here.
//! 2. `bounded`: refuses what is too large before anybody reads it, makes doubled slashes one (contract 1.1), and ends what takes too
//!    long.
//! 3. `routed`: what the contract routes is handled at once, and axum's router knows the rest.
//!
//! Plain functions that call each other: every request passes all of them, and a layer of axum's costs two allocations and a copy of the
//! request's future each time.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum::routing::RouterIntoService;
use futures::FutureExt;
use gantry_kernel::{Id, Problem, Reason, RequestId};
use gantry_locales::Locale;
use gantry_proto::Route;
use gantry_telemetry::{RequestLine, inbound_trace_id, log_request, request_span};
use http::header::{CACHE_CONTROL, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Request, Uri};
use tower::ServiceExt;
use tracing::Instrument;

use crate::Gateway;
use crate::client_ip::{Scheme, client_scheme};
use crate::errors::{Failed, Shape, respond};
use crate::handle::{Known, handle, shape_of};
use crate::locale;
use crate::routes::{find, template};
use crate::transcode::path::normalize;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts the layers around the routes.
pub(crate) fn around(routes: Router, gateway: Gateway) -> Router {
    let whole = Arc::new((gateway, routes.into_service::<Body>()));
    Router::new().fallback(move |request: Request<Body>| observe(Arc::clone(&whole), request))
}

/// What requests are answered by: the gateway, and axum's router for what it has no route for.
type Whole = Arc<(Gateway, RouterIntoService<Body>)>;

async fn observe(whole: Whole, mut request: Request<Body>) -> Response {
    let gateway = &whole.0;
    let started = gateway.clock.monotonic_ms();
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let trusted = peer.is_some_and(|ip| gateway.config.trusted_tracers.iter().any(|net| net.contains(&ip)));
    let inbound = inbound_trace_id(request.headers());
    let id = match inbound.filter(|_| trusted) {
        Some(trace) => RequestId::from_bits(trace),
        None => gateway.ids.id(),
    };
    let normal = normalize(request.uri().path());
    let path = normal.as_deref().unwrap_or_default();
    let taken = find(request.method(), path);
    let span = request_span(
        &id,
        request.method().as_str(),
        template(taken, path),
        inbound.map(|_| request.headers()),
        trusted,
    );
    let normal = normal.map(|path| match path {
        Cow::Borrowed(_) => None,
        Cow::Owned(path) => Some(path),
    });
    let secure = peer.map(|peer| scheme(gateway, peer, &request)) == Some(Scheme::Https);
    request.extensions_mut().insert(id.clone());
    let terms = (taken.map_or(Shape::Core, shape_of), locale::of_core(request.headers()));
    let answered = AssertUnwindSafe(bounded(&whole, taken, terms, normal, request))
        .catch_unwind()
        .instrument(span.clone())
        .await;
    let mut response = answered.unwrap_or_else(|_panic| {
        span.in_scope(|| tracing::error!("a handler panicked"));
        respond(&Reason::Internal.into(), terms.0, terms.1)
    });
    dress(gateway, &id, secure, &mut response);
    let took = u64::try_from(gateway.clock.monotonic_ms() - started).unwrap_or(0);
    log(&span, &response, Duration::from_millis(took));
    response
}

fn scheme(gateway: &Gateway, peer: std::net::IpAddr, request: &Request<Body>) -> Scheme {
    let own = request.extensions().get::<Scheme>().copied().unwrap_or(Scheme::Http);
    client_scheme(peer, own, request.headers(), &gateway.config.trusted_proxies)
}

/// Headers that every response carries.
fn dress(gateway: &Gateway, id: &RequestId, secure: bool, response: &mut Response) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id.as_str()) {
        headers.insert(X_REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Addresses may hold tokens, and are nobody else's business (T-16).
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Answers are about one caller, errors included; the route that may be kept says so itself.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if secure
        && gateway.config.hsts_seconds > 0
        && let Ok(value) = HeaderValue::try_from(format!("max-age={}", gateway.config.hsts_seconds))
    {
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
    }
}

fn log(span: &tracing::Span, response: &Response, duration: Duration) {
    let known = response.extensions().get::<Known>();
    let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let realm = known.and_then(|known| part(&known.realm_id));
    let key = known.and_then(|known| part(&known.key_id));
    let line = RequestLine {
        status: response.status().as_u16(),
        duration,
        reason: response.extensions().get::<Failed>().map(|failed| failed.0.key()),
        realm_id: realm.as_deref(),
        user_id: None,
        key_id: key.as_deref(),
    };
    log_request(span, &line);
}

/// How a refusal is worded, before it is known whose the request is.
type Terms = (Shape, Locale);

/// Whether the body is being waited for: then it is the caller who is late.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading(Arc<AtomicBool>);

impl Reading {
    pub(crate) fn set(&self, reading: bool) {
        self.0.store(reading, Ordering::Relaxed);
    }
}

/// `normal` is the path to go by, where it is not the one that was sent.
async fn bounded(
    whole: &Whole,
    taken: Option<&'static Route>,
    (shape, locale): Terms,
    normal: Result<Option<String>, Problem>,
    mut request: Request<Body>,
) -> Response {
    let config = &whole.0.config;
    let refuse = |reason: Reason| respond(&reason.into(), shape, locale);
    let uri = request.uri().path_and_query().map_or(0, |whole| whole.as_str().len());
    if uri > config.max_uri_bytes {
        return refuse(Reason::UriTooLong);
    }
    let head: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if head > config.max_header_bytes {
        return refuse(Reason::HeadersTooLarge);
    }
    // Of two hosts a proxy in front may have gone by the other (RFC 9112, 3.2; T-15).
    if request.headers().get_all(HOST).iter().nth(1).is_some() {
        return refuse(Reason::Malformed);
    }
    let reading = Reading::default();
    request.extensions_mut().insert(reading.clone());
    match normal {
        Ok(None) => {}
        Ok(Some(path)) => set_path(&mut request, path),
        Err(problem) => return respond(&problem, shape, locale),
    }
    match tokio::time::timeout(config.request_timeout, routed(whole, taken, request)).await {
        Ok(response) => response,
        Err(_late) if reading.0.load(Ordering::Relaxed) => refuse(Reason::RequestTimeout),
        Err(_late) => refuse(Reason::Timeout),
    }
}

async fn routed(whole: &Whole, taken: Option<&'static Route>, request: Request<Body>) -> Response {
    match taken {
        // On the heap: the largest future of all is not to be moved about within the others.
        Some(route) if route.verb == request.method().as_str() => {
            Box::pin(handle(whole.0.clone(), route, request)).await
        }
        _ => match whole.1.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
    }
}

fn set_path(request: &mut Request<Body>, path: String) {
    let whole = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(whole).ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}
