//! Which browser pages may read the LoginRocket API: exact origins, per realm. The Core API never asks here.
//!
//! The answer depends on the realm's list alone, at each request: nothing is kept, so a changed list holds at once.

use gantry_kernel::normalize_origin;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static("content-type, accept-language, lr-agent");
const EXPOSED: HeaderValue = HeaderValue::from_static("X-Request-ID, Ratelimit-Reset, Retry-After");
/// Ten minutes: a browser's question before each call would double the calls.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const VARY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");

/// Tells whether a request is a browser's question before the real one.
pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// What one LoginRocket response says about origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    allow: Option<HeaderValue>,
    preflight: bool,
}

impl Cors {
    /// Decides about a request by its realm's `allowed_origins`. A host without a realm passes an empty list.
    pub fn decide(allowed_origins: &[String], method: &Method, headers: &HeaderMap) -> Self {
        Self {
            allow: allowed(allowed_origins, headers),
            preflight: is_preflight(method, headers),
        }
    }

    /// Tells whether the request is a preflight: it is answered with 204 and these headers, and goes no further.
    pub fn is_preflight(&self) -> bool {
        self.preflight
    }

    /// Tells whether the origin may read the answer.
    pub fn is_allowed(&self) -> bool {
        self.allow.is_some()
    }

    /// Writes the headers on a response: `Vary` always, the others for an allowed origin only.
    pub fn write(&self, headers: &mut HeaderMap) {
        // An inner layer's word about origins would be a second opinion.
        headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
        headers.append(VARY, VARY_ORIGIN);
        let Some(origin) = &self.allow else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if self.preflight {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}

/// Finds the request's origin in the realm's list. What is sent back is the list's entry, never the caller's bytes.
fn allowed(allowed_origins: &[String], headers: &HeaderMap) -> Option<HeaderValue> {
    let mut sent = headers.get_all(ORIGIN).iter();
    let (origin, None) = (sent.next()?, sent.next()) else {
        return None;
    };
    let origin = normalize_origin(origin.to_str().ok()?)?;
    let entry = allowed_origins
        .iter()
        .filter_map(|entry| normalize_origin(entry))
        .find(|entry| *entry == origin)?;
    HeaderValue::try_from(entry).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn realm() -> Vec<String> {
        [
            "https://app.example.com",
            "http://localhost:4000",
            "https://b.example:443",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn answer(method: Method, given: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let mut out = HeaderMap::new();
        Cors::decide(&realm(), &method, &headers).write(&mut out);
        out
    }

    fn texts(headers: &HeaderMap) -> Vec<String> {
        let mut all: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        all.sort();
        all
    }

    #[test]
    fn t_23_an_allowed_origin_reads_the_answer() {
        for (origin, entry) in [
            ("https://app.example.com", "https://app.example.com"),
            ("http://localhost:4000", "http://localhost:4000"),
            ("https://b.example", "https://b.example"),
        ] {
            let headers = answer(Method::POST, &[("origin", origin)]);
            assert_eq!(
                texts(&headers),
                [
                    format!("access-control-allow-origin: {entry}"),
                    "access-control-expose-headers: X-Request-ID, Ratelimit-Reset, Retry-After".to_owned(),
                    "vary: Origin".to_owned(),
                ]
            );
        }
    }

    #[test]
    fn t_23_a_preflight_lists_what_the_clients_send() {
        let asked = [
            ("origin", "https://app.example.com"),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "content-type,lr-agent"),
        ];
        assert_eq!(
            texts(&answer(Method::OPTIONS, &asked)),
            [
                "access-control-allow-headers: content-type, accept-language, lr-agent",
                "access-control-allow-methods: GET, POST, PUT, DELETE",
                "access-control-allow-origin: https://app.example.com",
                "access-control-max-age: 600",
                "vary: Origin",
            ]
        );
    }

    #[test]
    fn t_23_hostile_origins_get_nothing_but_vary() {
        for origin in [
            "null",
            "*",
            "",
            "https://evil.example",
            "https://app.example.com.evil.example",
            "https://evilapp.example.com",
            "https://app.example.com@evil.example",
            "https://evil.example/https://app.example.com",
            "https://app.example.comx",
            "https://xapp.example.com",
            "https://sub.app.example.com",
            "https://example.com",
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com:80",
            "https://app.example.com/",
            "https://app.example.com.",
            "https://app.example.com%00.evil.example",
            "https://app.example.com,https://evil.example",
            "https://app.example.com https://evil.example",
            "https://app_example.com",
            "https://appXexample.com",
            "https://аpp.example.com",
            "https://app.example.com\u{200b}",
            "http://localhost",
            "http://localhost:40000",
            "http://localhost:4000@evil.example",
            "http://127.0.0.1:4000",
            "https://localhost:4000",
            "file://",
            "data:",
            "app.example.com",
            "https://app.example.com#",
            "https://app.example.com\\.evil.example",
            "https://`app.example.com",
        ] {
            for method in [Method::POST, Method::OPTIONS] {
                let asked = [("origin", origin), ("access-control-request-method", "POST")];
                assert_eq!(texts(&answer(method, &asked)), ["vary: Origin"], "{origin}");
            }
        }
    }

    #[test]
    fn t_23_two_origins_or_none_get_nothing_but_vary() {
        let two = [
            ("origin", "https://app.example.com"),
            ("origin", "https://evil.example"),
        ];
        assert_eq!(texts(&answer(Method::GET, &two)), ["vary: Origin"]);
        assert_eq!(texts(&answer(Method::GET, &[])), ["vary: Origin"]);
    }

    #[test]
    fn t_23_entries_that_are_no_origins_allow_nobody() {
        let list = ["*", "null", "https://*.example.com", "https://", ""].map(str::to_owned);
        for origin in [
            "*",
            "null",
            "https://a.example.com",
            "https://*.example.com",
            "https://",
            "",
        ] {
            let headers = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_str(origin).unwrap())]);
            assert!(!Cors::decide(&list, &Method::GET, &headers).is_allowed(), "{origin}");
        }
    }

    #[test]
    fn t_23_a_changed_list_holds_at_the_next_request() {
        let headers = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://new.example"))]);
        assert!(!Cors::decide(&realm(), &Method::GET, &headers).is_allowed());
        let changed = ["https://new.example".to_owned()];
        assert!(Cors::decide(&changed, &Method::GET, &headers).is_allowed());
    }

    #[test]
    fn write_keeps_other_vary_and_overrules_inner_layers() {
        let mut out = HeaderMap::new();
        out.insert(VARY, HeaderValue::from_static("Accept-Language"));
        out.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        Cors::decide(&realm(), &Method::GET, &HeaderMap::new()).write(&mut out);
        assert_eq!(texts(&out), ["vary: Accept-Language", "vary: Origin"]);
    }

    #[test]
    fn is_preflight_needs_verb_origin_and_question() {
        let full = HeaderMap::from_iter([
            (ORIGIN, HeaderValue::from_static("https://a.example")),
            (ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("GET")),
        ]);
        assert!(is_preflight(&Method::OPTIONS, &full));
        assert!(!is_preflight(&Method::GET, &full));
        for missing in [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD] {
            let mut headers = full.clone();
            headers.remove(missing);
            assert!(!is_preflight(&Method::OPTIONS, &headers));
        }
    }
}
