//! The example page of `examples/loginrocket-page`, served from an address of its own, as an app's pages are.

use axum::Router;
use axum::http::{HeaderName, header};
use axum::routing::get;

/// The port that the page's own documentation names.
pub(super) const PORT: u16 = 9000;
/// Where the page believes LoginRocket to be until it is told.
const LOGIN: &str = "http://demo.localhost:8080";
const HTML: &str = include_str!("../../../../examples/loginrocket-page/index.html");
const SCRIPT: &str = include_str!("../../../../examples/loginrocket-page/page.js");
const STYLE: &str = include_str!("../../../../examples/loginrocket-page/page.css");

/// Where the page is.
pub(super) fn url(port: u16) -> String {
    format!("http://localhost:{port}/")
}

/// The page, told where the demo realm signs in.
pub(super) fn router(login: &str) -> Router {
    let html = HTML.replace(LOGIN, login);
    Router::new()
        .route("/", get(move || part("text/html; charset=utf-8", html.clone())))
        .route(
            "/page.js",
            get(|| part("text/javascript; charset=utf-8", SCRIPT.to_owned())),
        )
        .route("/page.css", get(|| part("text/css; charset=utf-8", STYLE.to_owned())))
}

async fn part(kind: &'static str, text: String) -> ([(HeaderName, &'static str); 5], String) {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (headers, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_knows_where_it_signs_in_by_what_is_replaced() {
        // Once for the script, once for the policy that lets it call there.
        assert_eq!(HTML.matches(LOGIN).count(), 2);
        assert!(!SCRIPT.contains(LOGIN));
    }
}
