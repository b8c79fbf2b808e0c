//! Mounts the routes of the contract, the health endpoints, and the answers to what is neither.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use gantry_proto::{ROUTES, Route};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, StatusCode};
use serde_json::json;

use crate::cors::is_preflight;
use crate::errors::{Shape, wrong_verb};
use crate::handle::{handle, nowhere, preflight, shape_of, wrong_verb_at_host};
use crate::{Gateway, docs, locale, v1};

/// All routes.
pub(crate) fn mounted(gateway: Gateway) -> Router {
    let mut router = Router::new();
    for (path, routes) in by_path() {
        router = router.route(path, methods(&gateway, &with_wider(path, routes)));
    }
    let ready = gateway.clone();
    let router = v1::mount(docs::mount(router, only_get), &gateway);
    router
        .route(
            "/health/live",
            only_get(get(|| async { health(StatusCode::OK, "ok", None) })),
        )
        .route("/health/ready", only_get(get(move || readiness(ready.clone()))))
        .fallback(|request: Request<Body>| async move { nowhere(&request.into_parts().0) })
}

/// A path of words, such as `/v2/users/verify_email`, is also one of `/v2/users/{id}`: verbs that it does not know are that one's, so
/// that a user who is called like an action can be reached.
fn with_wider(path: &str, mut routes: Vec<&'static Route>) -> Vec<&'static Route> {
    let wider = ROUTES
        .iter()
        .filter(|route| route.path != path && fits(route.path, path));
    for route in wider {
        if !routes.iter().any(|known| known.verb == route.verb) {
            routes.push(route);
        }
    }
    routes
}

/// Whether a template matches a path (or the words of another template).
fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut parts) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), parts.next()) {
            (None, None) => return true,
            (Some(t), Some(p)) if t == p || (t.starts_with('{') && !p.is_empty() && !p.starts_with('{')) => {}
            _ => return false,
        }
    }
}

/// How many words of a template are its own: of two that match, the one with more is meant.
fn words(route: &Route) -> usize {
    route.path.split('/').filter(|part| !part.starts_with('{')).count()
}

/// A verb that is not offered is refused in the house's own words here too.
fn only_get(methods: MethodRouter) -> MethodRouter {
    methods.fallback(|request: Request<Body>| async move {
        wrong_verb("GET, HEAD", Shape::Core, locale::of_core(request.headers()))
    })
}

fn methods(gateway: &Gateway, routes: &[&'static Route]) -> MethodRouter {
    let mut methods = MethodRouter::new();
    let mut verbs: Vec<&str> = Vec::new();
    let mut shape = Shape::Core;
    for route in routes {
        let route: &'static Route = route;
        let gateway = gateway.clone();
        let handler = move |request: Request<Body>| handle(gateway.clone(), route, request);
        methods = match route.verb {
            "POST" => methods.post(handler),
            "PUT" => methods.put(handler),
            "DELETE" => methods.delete(handler),
            _ => methods.get(handler),
        };
        verbs.push(route.verb);
        if route.verb == "GET" {
            // Whoever may GET may ask for the head alone.
            verbs.push("HEAD");
        }
        shape = shape_of(route);
    }
    let verbs = verbs.join(", ");
    let gateway = gateway.clone();
    methods.fallback(move |request: Request<Body>| {
        let (gateway, verbs) = (gateway.clone(), verbs.clone());
        async move {
            // Only the LoginRocket API is for browsers (contract 1.4).
            if shape == Shape::LoginRocket && is_preflight(request.method(), request.headers()) {
                return preflight(gateway, request).await;
            }
            match shape {
                Shape::LoginRocket => wrong_verb_at_host(gateway, request, &verbs).await,
                Shape::Core => wrong_verb(&verbs, shape, locale::of_core(request.headers())),
            }
        }
    })
}

async fn readiness(gateway: Gateway) -> Response {
    match (gateway.ready)().await {
        Ok(()) => health(StatusCode::OK, "ok", None),
        Err(missing) => health(StatusCode::SERVICE_UNAVAILABLE, "not ready", Some(&missing)),
    }
}

fn health(status: StatusCode, text: &str, missing: Option<&str>) -> Response {
    let mut body = json!({ "status": text });
    if let (Some(missing), Some(body)) = (missing, body.as_object_mut()) {
        body.insert("missing".to_owned(), missing.into());
    }
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The routes that each path may take, made ready once: nearly half of a health check was spent on looking for them in the list.
static PATHS: LazyLock<matchit::Router<Vec<&'static Route>>> = LazyLock::new(|| {
    let mut paths = matchit::Router::new();
    for (path, routes) in by_path() {
        // Axum's router is made of the same paths by the same crate, and would have refused what contradicts itself.
        let _made = paths.insert(path, with_wider(path, routes));
    }
    paths
});

/// The route that a path matches, of two the one with more words of its own; for a verb that it does not know, any route of the path.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let matching = || PATHS.at(path).ok().into_iter().flat_map(|found| found.value).copied();
    let exact = matching().filter(|route| route.verb == method.as_str());
    exact
        .max_by_key(|route| words(route))
        .or_else(|| matching().max_by_key(|route| words(route)))
}

fn by_path() -> BTreeMap<&'static str, Vec<&'static Route>> {
    let mut by_path: BTreeMap<&str, Vec<&'static Route>> = BTreeMap::new();
    for route in ROUTES {
        by_path.entry(route.path).or_default().push(route);
    }
    by_path
}

/// What a request's spans are named after: a template, never the path itself.
pub(crate) fn template(route: Option<&Route>, path: &str) -> &'static str {
    match route {
        Some(route) => route.path,
        None if path == "/health/live" => "/health/live",
        None if path == "/health/ready" => "/health/ready",
        None => docs::template(path).or_else(|| v1::template(path)).unwrap_or(""),
    }
}
