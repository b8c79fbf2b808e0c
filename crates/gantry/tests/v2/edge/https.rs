//! HTTPS in the program as it is started: on when certificates are configured, and never plain where strangers listen.

use gantry_config::Config;
use reqwest::{Method, Version};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::{App, Made, ROOT_KEY, Reply};

/// A client that trusts these certificates and finds every name at the app's address.
fn client(app: &App, trusted: &[&Made], names: &[&str]) -> reqwest::Client {
    let roots = trusted
        .iter()
        .map(|made| reqwest::Certificate::from_pem(made.pem.as_bytes()).unwrap());
    let mut builder = reqwest::Client::builder().tls_certs_only(roots);
    for name in names {
        builder = builder.resolve(name, app.running.http.unwrap());
    }
    builder.build().unwrap()
}

async fn get(client: &reqwest::Client, app: &App, name: &str, path: &str) -> reqwest::Response {
    let url = format!("https://{name}:{}{path}", app.running.http.unwrap().port());
    client
        .get(url)
        .header("authrocket-api-key", ROOT_KEY)
        .send()
        .await
        .unwrap()
}

fn hsts(reply: &Reply) -> Option<&str> {
    Some(reply.header("strict-transport-security")).filter(|value| !value.is_empty())
}

#[tokio::test]
async fn with_certificates_there_is_https_alone() {
    let made = Made::new(&["api.example.com"]);
    let app = App::start_with(|config| config.http.tls.certificates = vec![made.configured()]).await;
    assert!(
        app.running.ready_line().contains(" http=https://127.0.0.1:"),
        "{}",
        app.running.ready_line()
    );
    let client = client(&app, &[&made], &["api.example.com"]);
    for path in ["/v2/realms", "/v2/nothing", "/health/live"] {
        let response = get(&client, &app, "api.example.com", path).await;
        assert_eq!(response.version(), Version::HTTP_2, "{path}");
        let reply = Reply::of(response).await;
        assert_eq!(hsts(&reply), Some("max-age=31536000"), "{path}");
    }
    // Whoever speaks in clear learns nothing, and his key has not been asked for.
    let plain = app.url("/v2/realms").replace("https:", "http:");
    let plain = app.client.get(plain).send().await;
    assert!(plain.is_err(), "{plain:?}");
    app.running.stop().await;
}

/// A ClientHello that knows nothing newer than TLS 1.`minor`; all else in it suits TLS 1.2, so that nothing else is refused.
fn hello(minor: u8) -> Vec<u8> {
    let mut body = vec![3, minor + 1];
    body.extend([7; 32]);
    // No session, ECDHE with AES in GCM and in CBC, no compression.
    body.extend([0, 0, 8, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x13, 0xc0, 0x14, 1, 0]);
    // Curve P-256, plain points, ECDSA and RSA-PSS with SHA-256, extended master secret.
    body.extend([0, 28]);
    body.extend([0, 10, 0, 4, 0, 2, 0, 23]);
    body.extend([0, 11, 0, 2, 1, 0]);
    body.extend([0, 13, 0, 6, 0, 4, 4, 3, 8, 4]);
    body.extend([0, 23, 0, 0]);
    let len = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, len + 4, 1, 0, 0, len];
    record.extend(body);
    record
}

#[tokio::test]
async fn tls_1_1_is_refused() {
    let made = Made::new(&["api.example.com"]);
    let app = App::start_with(|config| config.http.tls.certificates = vec![made.configured()]).await;
    for minor in [0, 1] {
        let mut stream = TcpStream::connect(app.running.http.unwrap()).await.unwrap();
        stream.write_all(&hello(minor)).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        // One record, a fatal alert: protocol_version.
        assert_eq!((answer[0], &answer[5..]), (21, &[2, 70][..]), "TLS 1.{minor}");
    }
    // The same hello one version up is answered: what was refused is the version.
    let mut stream = TcpStream::connect(app.running.http.unwrap()).await.unwrap();
    stream.write_all(&hello(2)).await.unwrap();
    let mut answer = [0; 6];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!((answer[0], answer[5]), (22, 2), "a ServerHello");
    drop(stream);
    app.running.stop().await;
}

#[tokio::test]
async fn each_name_has_its_certificate_and_its_realm() {
    let (one, two) = (Made::new(&["one.example.com"]), Made::new(&["two.example.com"]));
    let app = App::start_with(|config| config.http.tls.certificates = vec![one.configured(), two.configured()]).await;
    let names = ["one.example.com", "two.example.com"];
    let trusting = client(&app, &[&one, &two], &names);
    for name in names {
        get(&trusting, &app, name, "/v2/realms").await;
    }
    // The other name's certificate is not shown for this one.
    let stranger = client(&app, &[&one], &names);
    let url = format!("https://two.example.com:{}/v2/realms", app.running.http.unwrap().port());
    assert!(stranger.get(url).send().await.is_err());
    app.running.stop().await;
}

#[tokio::test]
async fn http2_requests_get_what_all_get() {
    let made = Made::new(&["api.example.com"]);
    let app = App::start_with(|config| config.http.tls.certificates = vec![made.configured()]).await;
    let client = client(&app, &[&made], &["api.example.com"]);
    let url = |path: &str| format!("https://api.example.com:{}{path}", app.running.http.unwrap().port());
    let root = |method: Method, path: &str| client.request(method, url(path)).header("authrocket-api-key", ROOT_KEY);
    for (status, request) in [
        (201, root(Method::POST, "/v2/realms").json(&json!({"name": "R"}))),
        (404, root(Method::GET, "/v2//nothing")),
        (405, root(Method::PUT, "/v2/realms")),
        (
            413,
            root(Method::POST, "/v2/realms")
                .header("content-type", "application/json")
                .body("x".repeat(200_000)),
        ),
        (414, root(Method::GET, &format!("/v2/realms?{}", "x".repeat(9000)))),
        (
            431,
            root(Method::GET, "/v2/realms").header("x-long", "x".repeat(17_000)),
        ),
        (200, root(Method::GET, "/v2/realms")),
        // No host name is at home here.
        (404, client.post(url("/v2/login")).json(&json!({}))),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.version(), Version::HTTP_2);
        let reply = Reply::of(response).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
    app.running.stop().await;
}

async fn refused(change: impl FnOnce(&mut Config)) -> String {
    App::try_start_with(change).await.err().unwrap().to_string()
}

#[tokio::test]
async fn plain_http_is_refused_where_strangers_could_listen() {
    let error = refused(|config| config.http.addr = ([0, 0, 0, 0], 0).into()).await;
    for hint in [
        "plain HTTP on 0.0.0.0:",
        "passwords in clear",
        "certificate",
        "127.0.0.1",
        "trusted_proxies",
        "plain_behind_proxy",
    ] {
        assert!(error.contains(hint), "{hint}: {error}");
    }
    let error = refused(|config| {
        config.http.addr = ([0, 0, 0, 0], 0).into();
        config.http.plain_behind_proxy = true;
    })
    .await;
    assert!(error.contains("no proxy is named"), "{error}");
    let error = refused(|config| config.grpc.addr = ([0, 0, 0, 0], 0).into()).await;
    assert!(
        error.contains("gRPC on 0.0.0.0:0 would be plain") && error.contains("grpc.tls.cert"),
        "{error}"
    );
    let made = Made::new(&["api.example.com"]);
    std::fs::remove_file(made.dir.path().join("key.pem")).unwrap();
    let error = refused(|config| config.http.tls.certificates = vec![made.configured()]).await;
    assert!(error.contains("key.pem"), "{error}");
}

#[tokio::test]
async fn behind_a_named_proxy_its_word_about_https_counts() {
    let app = App::start_with(|config| {
        config.http.trusted_proxies = vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()]
    })
    .await;
    for (proto, secure) in [
        ("https", true),
        ("HTTPS", true),
        ("http", false),
        ("", false),
        ("http, https", true),
        ("https, http", false),
    ] {
        let reply = app
            .send(app.root(Method::GET, "/v2/realms").header("x-forwarded-proto", proto))
            .await;
        assert_eq!(hsts(&reply).is_some(), secure, "{proto}: {reply:?}");
    }
    let alone = App::start().await;
    let reply = alone
        .send(
            alone
                .root(Method::GET, "/v2/realms")
                .header("x-forwarded-proto", "https"),
        )
        .await;
    assert_eq!(hsts(&reply), None, "a stranger's word");
}

#[tokio::test]
async fn hsts_lasts_as_long_as_configured() {
    let made = Made::new(&["api.example.com"]);
    for (seconds, expected) in [(60, Some("max-age=60")), (0, None)] {
        let app = App::start_with(|config| {
            config.http.tls.certificates = vec![made.configured()];
            config.http.hsts_seconds = seconds;
        })
        .await;
        let client = client(&app, &[&made], &["api.example.com"]);
        let reply = Reply::of(get(&client, &app, "api.example.com", "/v2/realms").await).await;
        assert_eq!(hsts(&reply), expected);
        app.running.stop().await;
    }
}
