//! The contract for readers: OpenAPI at `/openapi.json`, a page that shows it at `/docs`. All of it is in the program, and the
//! page loads nothing from elsewhere.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use gantry_proto::OPENAPI;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

/// Where the parts are, with what they are.
const PARTS: [(&str, &str, &str); 4] = [
    ("/openapi.json", "application/json", OPENAPI),
    ("/docs", "text/html; charset=utf-8", include_str!("docs/index.html")),
    (
        "/docs/page.js",
        "text/javascript; charset=utf-8",
        include_str!("docs/page.js"),
    ),
    (
        "/docs/page.css",
        "text/css; charset=utf-8",
        include_str!("docs/page.css"),
    ),
];
/// The page shows texts of this program: nothing of another place has a business in it, and it has none in another's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Adds the document and its page; `verbs` dresses each route.
pub(crate) fn mount(mut router: Router, verbs: impl Fn(MethodRouter) -> MethodRouter) -> Router {
    for (path, kind, text) in PARTS {
        router = router.route(path, verbs(get(move || async move { part(kind, text) })));
    }
    router
}

/// The template of a path, for names in spans.
pub(crate) fn template(path: &str) -> Option<&'static str> {
    PARTS.iter().map(|(known, _, _)| *known).find(|known| *known == path)
}

fn part(kind: &'static str, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    let mut put = |name: HeaderName, value: &'static str| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    put(CONTENT_TYPE, kind);
    put(CONTENT_SECURITY_POLICY, POLICY);
    put(CACHE_CONTROL, "public, max-age=300");
    if kind == "application/json" {
        // A public text: tools on any page may read it.
        put(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    response
}
