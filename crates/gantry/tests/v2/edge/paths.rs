//! Paths as clients write them, and the answers to those that lead nowhere (contract 1.1).

use reqwest::Method;
use reqwest::header::{ALLOW, HOST};
use serde_json::json;

use crate::common::{App, ROOT_KEY, Raw, Reply};

/// A path exactly as it is written: a proper client would tidy it up.
async fn get(app: &App, path: &str, realm: &str) -> Reply {
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: a\r\nauthrocket-api-key: {ROOT_KEY}\r\nauthrocket-realm: {realm}\r\n\r\n"
    );
    raw.ask(request).await
}

#[tokio::test]
async fn slashes_in_a_row_are_one() {
    let app = App::start().await;
    let realm = app.realm().await;
    let user = realm.user("ana@example.com").await;
    let id = user["id"].as_str().unwrap();
    for path in [
        format!("/v2//users/{id}"),
        format!("//v2///users//{id}"),
        format!("/v2/users///{id}?x=//"),
    ] {
        assert_eq!(get(&app, &path, &realm.id).await.expect(200)["id"], id, "{path}");
    }
    let login = realm.anyone(Method::POST, "/v2//login").json(&json!({}));
    app.send(login).await.errors(422);
}

#[tokio::test]
async fn a_name_in_a_path_may_be_escaped_or_not_and_a_plus_is_a_plus() {
    let app = App::start().await;
    let realm = app.realm().await;
    let body = json!({"realm_id": realm.id, "user": {"email": "a+b@example.com", "username": "名前.a-b"}});
    let user = app.post("/v2/users", body).await.expect(201);
    realm.user("a.b@example.com").await;
    for name in [
        "a+b@example.com",
        "a%2Bb%40example.com",
        "a%2bb@example.com",
        "%61+b@example.com",
        "A+B@EXAMPLE.COM",
        "%E5%90%8D%E5%89%8D.a-b",
    ] {
        let found = get(&app, &format!("/v2/users/{name}"), &realm.id).await;
        assert_eq!(found.expect(200)["id"], user["id"], "{name}");
    }
    // Not decoded twice, and not another's.
    for name in ["a%252Bb%40example.com", "a%20b%2B@example.com", "a%2Bb"] {
        get(&app, &format!("/v2/users/{name}"), &realm.id).await.errors(404);
    }
}

#[tokio::test]
async fn a_slash_at_the_end_leads_nowhere() {
    let app = App::start().await;
    for path in [
        "/v2/realms/",
        "/v2/users/usr_1/",
        "/v2/",
        "/v2",
        "/",
        "/v2/realms/rl_1/x",
        "/V2/realms",
        "/v2/Realms",
    ] {
        get(&app, path, "").await.errors(404);
    }
}

#[tokio::test]
async fn dots_do_not_climb() {
    let app = App::start().await;
    let realm = app.realm().await;
    for path in [
        "/v2/users/../realms",
        "/v2/users/..",
        "/v2/users/%2e%2e",
        "/v2/./realms",
        "/../v2/realms",
        "/v2/users/.",
    ] {
        get(&app, path, &realm.id).await.errors(404);
    }
    for path in [
        "/v2/users/..%2frealms",
        "/v2/users/a%5cb",
        "/v2/users/%00",
        "/v2/users/a%0d%0ab",
        "/v2/users/%c0%af",
    ] {
        get(&app, path, &realm.id).await.errors(400);
    }
}

#[tokio::test]
async fn a_wrong_verb_is_told_the_right_ones() {
    let app = App::start().await;
    let realm = app.realm().await;
    for (method, path, allowed) in [
        (Method::PUT, "/v2/realms", "GET, HEAD, POST"),
        (Method::POST, "/v2/realms/rl_1", "DELETE, GET, HEAD, PUT"),
        (Method::POST, "/v2/users/usr_1", "DELETE, GET, HEAD, PUT"),
        (Method::GET, "/v2/users/usr_1/authenticate", "POST"),
        (Method::PATCH, "/v2/sessions/kss_1", "GET, HEAD, DELETE"),
        (Method::GET, "/v2/login", "POST"),
        (Method::HEAD, "/v2/login", "POST"),
        (Method::OPTIONS, "/v2/login", "POST"),
        (Method::POST, "/v2/session", "DELETE, GET, HEAD"),
        (Method::POST, "/connect/jwks", "GET, HEAD"),
        (Method::OPTIONS, "/v2/realms", "GET, HEAD, POST"),
        (Method::TRACE, "/v2/realms", "GET, HEAD, POST"),
        (Method::DELETE, "/health/ready", "GET, HEAD"),
    ] {
        let reply = app.send(app.root(method.clone(), path).header(HOST, &realm.host)).await;
        assert_eq!(reply.status, 405, "{method} {path}: {reply:?}");
        let told = reply.headers.get_all(ALLOW).iter().map(|v| v.to_str().unwrap());
        let mut told: Vec<&str> = told.flat_map(|line| line.split(", ")).collect();
        let mut wanted: Vec<&str> = allowed.split(", ").collect();
        told.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(told, wanted, "{method} {path}");
        if method != Method::HEAD {
            assert_eq!(reply.errors(405), ["This address does not offer that method"]);
        }
    }
}

#[tokio::test]
async fn an_address_in_the_request_line_is_the_host() {
    let app = App::start().await;
    let realm = app.realm().await;
    let mut raw = Raw::connect(app.running.http.unwrap()).await;
    let request = |target: &str, host: &str| format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    let absolute = format!("http://{}/connect/jwks", realm.host);
    raw.ask(request(&absolute, "stranger.localhost")).await.expect(200);
    raw.ask(request("http://stranger.localhost/connect/jwks", &realm.host))
        .await
        .errors(404);
    let shouted = format!("{}.:8080", realm.host.to_uppercase());
    raw.ask(request("/connect/jwks", &shouted)).await.expect(200);
    for forwarded in ["x-forwarded-host", "forwarded", "x-host", "x-original-host"] {
        let value = if forwarded == "forwarded" {
            format!("host={}", realm.host)
        } else {
            realm.host.clone()
        };
        let request = format!("GET /connect/jwks HTTP/1.1\r\nhost: stranger.localhost\r\n{forwarded}: {value}\r\n\r\n");
        raw.ask(request).await.errors(404);
    }
}
