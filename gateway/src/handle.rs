//! One request, whichever route it took: who calls, may it pass, what does it say, what is the answer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::response::Response;
use gantry_kernel::{Problem, Reason};
use gantry_locales::Locale;
use gantry_proto::auth::v2::ResolvedHost;
use gantry_proto::options::v1::Caller;
use gantry_proto::{Access, Route};
use gantry_rpc::{Wire, from_status};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode};
use http_body::Body as _;

use crate::asked::asked;
use crate::client_ip::client_ip;
use crate::cors::Cors;
use crate::errors::{Shape, respond, wrong_verb};
use crate::limits::{Counted, Told};
use crate::negotiate::{check_accept, check_expect};
use crate::remember::{Recalled, recall};
use crate::transcode::wire;
use crate::{Gateway, caller, limits, locale, stream};

/// The limit that hosts are looked up under.
const LOOK_UPS: &str = "session";

/// What is known of a request once its caller is.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) realm_id: String,
    pub(crate) key_id: String,
}

/// Which API a route belongs to.
pub(crate) fn shape_of(route: &Route) -> Shape {
    if route.rpc.access == Access::Key {
        Shape::Core
    } else {
        Shape::LoginRocket
    }
}

/// Handles a request of a route.
pub(crate) async fn handle(gateway: Gateway, route: &'static Route, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let ip = address(&gateway, &parts);
    match shape_of(route) {
        Shape::Core => core(&gateway, route, parts, body, ip).await,
        Shape::LoginRocket => login_rocket(&gateway, route, parts, body, ip).await,
    }
}

/// The caller's address, as far as it can be believed.
pub(crate) fn address(gateway: &Gateway, parts: &Parts) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    client_ip(peer, &parts.headers, &gateway.config.trusted_proxies)
}

/// The Core API: an API key decides; no browser is meant, so no word about origins.
async fn core(gateway: &Gateway, route: &'static Route, parts: Parts, body: Body, ip: IpAddr) -> Response {
    let locale = locale::of_core(&parts.headers);
    let refuse = |problem: &Problem| respond(problem, Shape::Core, locale);
    if let Err(problem) = acceptable(route, &parts) {
        return refuse(&problem);
    }
    let mut caller = match caller::with_key(gateway, ip, &parts.headers).await {
        Ok(caller) => caller,
        Err(problem) => return refuse(&problem),
    };
    locale.as_str().clone_into(&mut caller.locale);
    let known = Known {
        realm_id: caller.realm_id.clone(),
        key_id: caller.key_id.clone(),
    };
    let counted = Counted {
        ip,
        realm: &known.realm_id,
        key: &known.key_id,
    };
    let mut response = match limits::take(gateway, route.rpc.limits, counted).await {
        Err((problem, told)) => limited(gateway, &told, refuse(&problem)),
        Ok(told) => {
            let answered = match route.rpc.streams {
                true => begin(gateway, route, &parts, body, caller).await,
                false => finish(gateway, route, &parts, body, caller)
                    .await
                    .map(|json| success(route, json)),
            };
            let mut response = answered.unwrap_or_else(|problem| refuse(&problem));
            tell(gateway, told.as_ref(), &mut response);
            response
        }
    };
    response.extensions_mut().insert(known);
    response
}

/// The LoginRocket API: the host decides.
async fn login_rocket(gateway: &Gateway, route: &'static Route, parts: Parts, body: Body, ip: IpAddr) -> Response {
    let host_name = caller::host_of(&parts.uri, &parts.headers);
    // A flood is refused by what the host was the last time, before anybody is asked.
    let hint = gateway.hosts.get(&host_name);
    let mut told = None;
    let counted = match &hint {
        Some(hint) => count(gateway, route, ip, hint).await.map(|place| told = place),
        None => count_look_up(gateway, ip, &ResolvedHost::default()).await,
    };
    if let Err((problem, refused)) = counted {
        let hint = hint.unwrap_or_default();
        let response = respond(&problem, Shape::LoginRocket, locale::of_login(&parts.headers, &hint));
        return with_origin(&hint, &parts, limited(gateway, &refused, response));
    }
    let acceptable = acceptable(route, &parts);
    // What a body says counts before the query (contract 1.3), and no name of an answer holds it.
    let recalled = match body.is_end_stream() && acceptable.is_ok() {
        true => recall(gateway, route, (&host_name, hint.as_deref()), &parts).await,
        false => None,
    };
    let room = match recalled {
        Some(Recalled::Holds(answer)) => {
            let response = success(route, answer.json.clone());
            return at_last(gateway, &answer.host, &parts, told.as_ref(), response);
        }
        Some(Recalled::Missing(room)) => Some(room),
        None => None,
    };
    let host = match caller::resolve_host(gateway, &host_name).await {
        Ok(host) => host,
        Err(problem) => {
            let response = respond(&problem, Shape::LoginRocket, locale::of_core(&parts.headers));
            return with_origin(&ResolvedHost::default(), &parts, response);
        }
    };
    let locale = locale::of_login(&parts.headers, &host);
    let refuse = |problem: &Problem| {
        let chosen = locale::of_reader(problem.locale.as_deref(), &host);
        respond(problem, Shape::LoginRocket, chosen.unwrap_or(locale))
    };
    if hint.is_none_or(|hint| hint.realm_id != host.realm_id) {
        match count(gateway, route, ip, &host).await {
            Ok(place) => told = place,
            Err((problem, refused)) => {
                return with_origin(&host, &parts, limited(gateway, &refused, refuse(&problem)));
            }
        }
    }
    let mut caller = caller::at_host(&host, ip, &parts.headers);
    locale.as_str().clone_into(&mut caller.locale);
    let answered = match acceptable {
        Ok(()) => finish(gateway, route, &parts, body, caller).await,
        Err(problem) => Err(problem),
    };
    let response = match answered {
        Ok(json) => {
            if let Some(room) = room {
                gateway.remembered.keep(room, &host, &json);
            }
            success(route, json)
        }
        Err(problem) => refuse(&problem),
    };
    at_last(gateway, &host, &parts, told.as_ref(), response)
}

/// What every answer of a realm's host carries.
fn at_last(
    gateway: &Gateway,
    host: &ResolvedHost,
    parts: &Parts,
    told: Option<&Told>,
    mut response: Response,
) -> Response {
    tell(gateway, told, &mut response);
    response.extensions_mut().insert(Known {
        realm_id: host.realm_id.clone(),
        key_id: String::new(),
    });
    with_origin(host, parts, response)
}

async fn count(
    gateway: &Gateway,
    route: &'static Route,
    ip: IpAddr,
    host: &ResolvedHost,
) -> Result<Option<Told>, (Problem, Told)> {
    limits::take(
        gateway,
        route.rpc.limits,
        Counted {
            ip,
            realm: &host.realm_id,
            key: "",
        },
    )
    .await
}

/// A browser's question before the real request, on a LoginRocket path.
pub(crate) async fn preflight(gateway: Gateway, request: Request<Body>) -> Response {
    at_host(&gateway, &request.into_parts().0, |_| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    })
    .await
}

/// A verb that a LoginRocket path does not know: a browser's page may read that too.
pub(crate) async fn wrong_verb_at_host(gateway: Gateway, request: Request<Body>, verbs: &str) -> Response {
    at_host(&gateway, &request.into_parts().0, |locale| {
        wrong_verb(verbs, Shape::LoginRocket, locale)
    })
    .await
}

/// Answers what is no rpc, but depends on the realm.
async fn at_host(gateway: &Gateway, parts: &Parts, answer: impl FnOnce(Locale) -> Response) -> Response {
    match serving(gateway, parts).await {
        Ok(host) => with_origin(&host, parts, answer(locale::of_login(&parts.headers, &host))),
        Err(refused) => *refused,
    }
}

/// The realm of the host that is asked for; the answer where there is none, or where it is asked for too often.
pub(crate) async fn serving(gateway: &Gateway, parts: &Parts) -> Result<Arc<ResolvedHost>, Box<Response>> {
    let host_name = caller::host_of(&parts.uri, &parts.headers);
    let hint = gateway.hosts.get(&host_name).unwrap_or_default();
    let locale = locale::of_login(&parts.headers, &hint);
    if let Err((problem, refused)) = count_look_up(gateway, address(gateway, parts), &hint).await {
        let response = respond(&problem, Shape::LoginRocket, locale);
        return Err(Box::new(with_origin(
            &hint,
            parts,
            limited(gateway, &refused, response),
        )));
    }
    caller::resolve_host(gateway, &host_name).await.map_err(|problem| {
        let response = respond(&problem, Shape::LoginRocket, locale::of_core(&parts.headers));
        Box::new(with_origin(&ResolvedHost::default(), parts, response))
    })
}

/// What asks for a host without calling an rpc is counted with the checks of sessions: it costs as much, and would otherwise be a
/// way to the database that nothing bounds.
async fn count_look_up(gateway: &Gateway, ip: IpAddr, hint: &ResolvedHost) -> Result<(), (Problem, Told)> {
    let rules = gantry_proto::RPCS.iter().flat_map(|rpc| rpc.limits);
    let Some(rule) = rules.into_iter().find(|rule| rule.name == LOOK_UPS) else {
        return Ok(());
    };
    let counted = Counted {
        ip,
        realm: &hint.realm_id,
        key: "",
    };
    limits::take(gateway, std::slice::from_ref(rule), counted)
        .await
        .map(drop)
}

fn with_origin(host: &ResolvedHost, parts: &Parts, mut response: Response) -> Response {
    Cors::decide(&host.allowed_origins, &parts.method, &parts.headers).write(response.headers_mut());
    response
}

fn limited(gateway: &Gateway, told: &Told, mut response: Response) -> Response {
    told.write(&mut response, gateway.clock.now_ms());
    response
}

fn tell(gateway: &Gateway, told: Option<&Told>, response: &mut Response) {
    if let Some(told) = told {
        told.write(response, gateway.clock.now_ms());
    }
}

fn acceptable(route: &Route, parts: &Parts) -> Result<(), Problem> {
    check_expect(&parts.headers)?;
    match route.rpc.streams {
        // A stream is of its own type, whichever a caller names.
        true => Ok(()),
        false => check_accept(&parts.headers),
    }
}

/// Reads the request, calls the service, and writes its answer as JSON.
async fn finish(
    gateway: &Gateway,
    route: &'static Route,
    parts: &Parts,
    body: Body,
    caller: Caller,
) -> Result<Bytes, Problem> {
    let (message, metadata) = asked(gateway, route, parts, body, caller).await?;
    let metadata = tonic::metadata::MetadataMap::from_headers(metadata);
    let answer = wire::call(wire_to(gateway, route), route.rpc.path, message, metadata).await;
    let answer = answer.map_err(|status| from_status(&status))?;
    let json = (route.decode)(&answer).map_err(|error| {
        tracing::error!(error = ?error, rpc = route.rpc.path, "an answer cannot be written as JSON");
        Problem::new(Reason::Internal)
    })?;
    Ok(json.into())
}

/// The same for an answer that goes on, up to its beginning. The key goes along, so that the service can ask after it again.
async fn begin(
    gateway: &Gateway,
    route: &'static Route,
    parts: &Parts,
    body: Body,
    caller: Caller,
) -> Result<Response, Problem> {
    let (message, mut metadata) = asked(gateway, route, parts, body, caller).await?;
    if let Some(Ok(key)) = gantry_rpc::key_of(&parts.headers).0.map(HeaderValue::try_from) {
        metadata.insert("authrocket-api-key", key);
    }
    let metadata = tonic::metadata::MetadataMap::from_headers(metadata);
    let items = wire::stream(wire_to(gateway, route), route.rpc.path, message, metadata).await;
    let items = items.map_err(|status| from_status(&status))?;
    Ok(stream::answer(route, items, gateway.stop.clone()))
}

/// An rpc's answer, as JSON.
fn success(route: &Route, json: Bytes) -> Response {
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = StatusCode::from_u16(route.rpc.success).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    // Public keys may be kept for a moment; everything else is not (see layers).
    if route.path == "/connect/jwks" {
        let keep = HeaderValue::from_static("public, max-age=60");
        response.headers_mut().insert(CACHE_CONTROL, keep);
    }
    response
}

fn wire_to(gateway: &Gateway, route: &Route) -> Wire {
    match route.rpc.service {
        "gantry.session.v2.Session" => gateway.wires.session.clone(),
        "gantry.event.v2.Event" => gateway.wires.event.clone(),
        _ => gateway.wires.auth.clone(),
    }
}

/// What a request without a route is told.
pub(crate) fn nowhere(parts: &Parts) -> Response {
    respond(&Reason::NotFound.into(), Shape::Core, locale::of_core(&parts.headers))
}
