//! CORS end to end: which pages may read a realm's LoginRocket API (T-23), and that the Core API is for none.

use reqwest::Method;
use reqwest::header::{HOST, HeaderMap, ORIGIN, VARY};
use serde_json::json;

use crate::common::{App, Reply, TestRealm};

const GOOD: &str = "https://app.example.com";

async fn realm<'a>(app: &'a App, origins: &[&str]) -> TestRealm<'a> {
    app.realm_with(json!({"allowed_origins": origins})).await
}

/// What an answer says about origins, sorted.
fn words(reply: &Reply) -> Vec<String> {
    let said = reply
        .headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("access-control-"));
    let mut words: Vec<_> = said
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    words.sort();
    words
}

fn varies(headers: &HeaderMap) -> bool {
    headers
        .get_all(VARY)
        .iter()
        .any(|value| value.to_str().unwrap().to_ascii_lowercase().contains("origin"))
}

async fn preflight(realm: &TestRealm<'_>, path: &str, origin: &str) -> Reply {
    let asked = realm
        .anyone(Method::OPTIONS, path)
        .header(ORIGIN, origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,lr-agent");
    realm.app.send(asked).await
}

#[tokio::test]
async fn a_preflight_is_answered_for_every_login_rocket_path() {
    let app = App::start().await;
    let realm = realm(&app, &[GOOD, "http://localhost:4000"]).await;
    for path in ["/v2/login", "/v2/session", "/connect/jwks", "/v2//login"] {
        for origin in [GOOD, "http://localhost:4000"] {
            let reply = preflight(&realm, path, origin).await;
            assert_eq!((reply.status, reply.text.as_str()), (204, ""), "{path}");
            let expected = [
                "access-control-allow-headers: content-type, accept-language, lr-agent".to_owned(),
                "access-control-allow-methods: GET, POST, PUT, DELETE".to_owned(),
                format!("access-control-allow-origin: {origin}"),
                "access-control-max-age: 600".to_owned(),
            ];
            assert_eq!(words(&reply), expected, "{path}");
            assert!(varies(&reply.headers));
        }
        let reply = preflight(&realm, path, "https://evil.example").await;
        assert_eq!((reply.status, words(&reply)), (204, vec![]), "{path}");
        assert!(varies(&reply.headers));
    }
}

#[tokio::test]
async fn every_answer_can_be_read_by_an_allowed_page() {
    let app = App::start_with(|config| {
        config.limits.insert(
            "login".to_owned(),
            gantry_config::LimitOverride {
                max: Some(4),
                ..Default::default()
            },
        );
    })
    .await;
    let realm = realm(&app, &[GOOD]).await;
    realm.user("ana@example.com").await;
    let at = |method: Method, path: &str| realm.anyone(method, path).header(ORIGIN, GOOD);
    let right = json!({"email": "ana@example.com", "password": crate::common::PASSWORD});
    let cases = [
        (200, at(Method::POST, "/v2/login").json(&right)),
        (
            422,
            at(Method::POST, "/v2/login").json(&json!({"email": "x", "password": "y"})),
        ),
        (
            400,
            at(Method::POST, "/v2/login")
                .header("content-type", "application/json")
                .body("{"),
        ),
        (
            415,
            at(Method::POST, "/v2/login")
                .header("content-type", "text/plain")
                .body("x"),
        ),
        (429, at(Method::POST, "/v2/login").json(&right)),
        (403, at(Method::GET, "/v2/session?session=kss_1")),
        (405, at(Method::PUT, "/v2/login")),
        (406, at(Method::GET, "/connect/jwks").header("accept", "text/html")),
        (200, at(Method::GET, "/connect/jwks")),
    ];
    for (status, request) in cases {
        let reply = app.send(request).await;
        assert_eq!(reply.status, status, "{reply:?}");
        let expected = [
            format!("access-control-allow-origin: {GOOD}"),
            "access-control-expose-headers: X-Request-ID, Ratelimit-Reset, Retry-After".to_owned(),
        ];
        assert_eq!(words(&reply), expected, "{status}");
        assert!(varies(&reply.headers), "{status}");
    }
}

#[tokio::test]
async fn a_host_that_serves_nobody_allows_nobody() {
    let app = App::start().await;
    let elsewhere = app
        .anyone(Method::POST, "/v2/login")
        .header(HOST, "stranger.localhost")
        .header(ORIGIN, GOOD);
    let asked = app
        .anyone(Method::OPTIONS, "/v2/login")
        .header(ORIGIN, GOOD)
        .header("access-control-request-method", "POST");
    for request in [elsewhere.json(&json!({})), asked] {
        let reply = app.send(request).await;
        assert_eq!((reply.status, words(&reply)), (404, vec![]));
        assert!(varies(&reply.headers));
    }
}

#[tokio::test]
async fn changed_origins_hold_at_the_next_request() {
    let app = App::start().await;
    let realm = realm(&app, &[GOOD]).await;
    let other = "https://other.example";
    let allowed = async |origin: &str| {
        let real = realm
            .anyone(Method::POST, "/v2/login")
            .header(ORIGIN, origin)
            .json(&json!({}));
        let real = words(&app.send(real).await).len();
        let asked = words(&preflight(&realm, "/v2/login", origin).await).len();
        assert_eq!(real > 0, asked > 0);
        real > 0
    };
    let path = format!("/v2/realms/{}", realm.id);
    for (list, good, second) in [
        (json!([GOOD]), true, false),
        (json!([other]), false, true),
        (json!([GOOD, other]), true, true),
        (json!([]), false, false),
        (json!([GOOD]), true, false),
    ] {
        app.put(&path, json!({"realm": {"allowed_origins": list}}))
            .await
            .expect(200);
        assert_eq!((allowed(GOOD).await, allowed(other).await), (good, second), "{list}");
    }
}

#[tokio::test]
async fn one_realm_s_origins_are_not_another_s() {
    let app = App::start().await;
    let (one, two) = (realm(&app, &[GOOD]).await, realm(&app, &["https://two.example"]).await);
    assert!(!words(&preflight(&one, "/v2/login", GOOD).await).is_empty());
    assert_eq!(words(&preflight(&two, "/v2/login", GOOD).await), Vec::<String>::new());
    assert_eq!(
        words(&preflight(&one, "/v2/login", "https://two.example").await),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn the_core_api_says_nothing_about_origins() {
    let app = App::start().await;
    let realm = realm(&app, &[GOOD]).await;
    for path in [
        "/v2/users",
        "/v2/users/usr_1",
        "/v2/sessions",
        "/v2/realms",
        "/v2/nothing",
        "/health/live",
    ] {
        let asked = app
            .root(Method::OPTIONS, path)
            .header(HOST, &realm.host)
            .header(ORIGIN, GOOD)
            .header("access-control-request-method", "GET");
        let real = app
            .root(Method::GET, path)
            .header(HOST, &realm.host)
            .header(ORIGIN, GOOD);
        for request in [asked, real] {
            let reply = app.send(request).await;
            assert_eq!(words(&reply), Vec::<String>::new(), "{path}: {reply:?}");
            assert_ne!(reply.status, 204, "{path}");
        }
    }
}

#[tokio::test]
async fn t_23_hostile_origins_get_nothing() {
    let app = App::start_with(|config| config.limits_enabled = false).await;
    let realm = realm(&app, &[GOOD, "http://localhost:4000"]).await;
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
    ] {
        let real = realm
            .anyone(Method::POST, "/v2/login")
            .header(ORIGIN, origin)
            .json(&json!({}));
        for reply in [app.send(real).await, preflight(&realm, "/v2/login", origin).await] {
            assert_eq!(words(&reply), Vec::<String>::new(), "{origin}: {reply:?}");
            assert!(varies(&reply.headers), "{origin}");
            assert!(
                !reply.text.contains(origin) || origin.is_empty() || origin == "*",
                "{origin} in {reply:?}"
            );
        }
    }
    let two = realm
        .anyone(Method::GET, "/connect/jwks")
        .header(ORIGIN, GOOD)
        .header(ORIGIN, "https://evil.example");
    assert_eq!(words(&app.send(two).await), Vec::<String>::new());
}

#[tokio::test]
async fn t_23_a_realm_takes_exact_origins_only() {
    let app = App::start().await;
    for origin in [
        "*",
        "null",
        "https://*.example.com",
        "https://app.example.com/path",
        "app.example.com",
        "ftp://a.example",
    ] {
        let body = json!({"realm": {"name": "X", "allowed_origins": [origin]}});
        assert_eq!(app.post("/v2/realms", body).await.errors(422).len(), 1, "{origin}");
    }
}
