//! What `gantry dev` serves beside Gantry: mails that would have been sent, and the example page.

use std::path::Path;

use reqwest::header::{HOST, ORIGIN};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::common::{Api, PASSWORD, ROOT_KEY, Server, gantry, until};

/// A part of the ready line.
fn told(line: &str, name: &str) -> Option<String> {
    line.split(' ')
        .find_map(|part| part.strip_prefix(name))
        .map(str::to_owned)
}

async fn started(dir: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> (Server, String) {
    let mut command = gantry(dir, arguments);
    command.env("GANTRY_ROOT_API_KEY", ROOT_KEY);
    for (name, value) in settings {
        command.env(name, value);
    }
    let server = Server::start(&command).await;
    let line = server.process.seen()[0].clone();
    (server, line)
}

async fn get(api: &Api, url: &str) -> Response {
    api.client().get(url).send().await.unwrap()
}

/// The newest mail to an address.
async fn mail_to(api: &Api, mails: &str, to: &str) -> Value {
    until("the mail", async || {
        let found = get(api, &format!("{mails}.json?to={to}")).await;
        let found: Value = found.json().await.unwrap();
        found["mails"].get(0).cloned()
    })
    .await
}

#[tokio::test]
async fn what_would_be_mailed_is_shown_and_leads_to_the_example() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, line) = started(dir.path(), &["dev", "--example=127.0.0.1:0"], &[]).await;
    let api = Api::at(&server.http);
    let (mails, example) = (told(&line, "mails=").unwrap(), told(&line, "example=").unwrap());
    assert!(
        mails.starts_with("http://127.0.0.1:") && mails.ends_with("/dev/mails"),
        "{line}"
    );
    // It says so when all of it is there.
    server.process.line("There is no mail server").await;
    let to = "ana@example.com";
    let body = json!({"email": to, "password": PASSWORD});
    let signup = api
        .anyone(Method::POST, "/v2/signup")
        .header(HOST, "demo.localhost")
        .json(&body);
    assert_eq!(api.send(signup).await.expect(200)["result"], "full_login");

    let mail = mail_to(&api, &mails, to).await;
    assert_eq!((&mail["to"], mail["links"].as_array().unwrap().len()), (&json!(to), 1));
    let headers = mail["headers"].as_str().unwrap();
    assert!(
        headers.contains("\r\nTo: ana@example.com\r\n") && headers.contains("Message-ID: <ent_"),
        "{headers}"
    );
    // The link leads to the example, and its token is good.
    let link = url::Url::parse(mail["links"][0].as_str().unwrap()).unwrap();
    assert!(
        link.as_str().starts_with(&format!("{example}?verify_email=tve")),
        "{link}"
    );
    let token = link.query_pairs().next().unwrap().1.into_owned();
    let verify = api
        .anyone(Method::POST, "/v2/email/verify")
        .header(HOST, "demo.localhost");
    api.send(verify.json(&json!({"token": token}))).await.expect(200);

    // For people: the list, the mail in a frame that runs nothing, and what is not there.
    let list = get(&api, &mails).await;
    assert_eq!(list.headers()["cache-control"], "no-store");
    let list = list.text().await.unwrap();
    assert!(
        list.contains(to) && list.contains(mail["subject"].as_str().unwrap()),
        "{list}"
    );
    let one = get(&api, &format!("{mails}/{}", mail["number"])).await;
    let policy = one.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'unsafe-inline'"),
        "{policy}"
    );
    assert!(!policy.contains("script"), "{policy}");
    let one = one.text().await.unwrap();
    assert!(
        one.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"&lt;!doctype html&gt;"),
        "{one}"
    );
    assert_eq!(get(&api, &format!("{mails}/99")).await.status(), 404);

    // What was shown counts as delivered.
    let realm = api.get("/v2/realms").await.expect(200)["collection"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    until("the notification is done", async || {
        let query = format!("realm_id={realm}&event_type=user.email.verifying&expand=notifications");
        let events = api.all("/v2/events", &query).await;
        let done = events
            .iter()
            .filter(|event| event["notifications"][0]["state"] == "completed");
        (done.count() == events.len() && !events.is_empty()).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn t_33_mails_are_read_by_nobody_but_this_machine_by_this_address() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, line) = started(dir.path(), &["dev"], &[]).await;
    let api = Api::at(&server.http);
    let mails = told(&line, "mails=").unwrap();
    assert_eq!(get(&api, &mails).await.status(), 200);
    // A website whose name was made to lead here, and one that asks from elsewhere.
    for path in ["", ".json", "/1"] {
        let strange = api.client().get(format!("{mails}{path}")).header(HOST, "evil.example");
        let answer = strange.send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let asked = api
        .client()
        .get(format!("{mails}.json"))
        .header(ORIGIN, "https://evil.example");
    let answer = asked.send().await.unwrap();
    assert!(answer.headers().get("access-control-allow-origin").is_none());
    assert_eq!(answer.headers()["cross-origin-resource-policy"], "same-origin");
    // Gantry's own address, which may be anywhere, has no such page.
    assert_eq!(get(&api, &format!("{}/dev/mails", server.http)).await.status(), 404);
    server.stop().await;
}

#[tokio::test]
async fn no_page_of_mails_where_mail_is_sent_or_in_production() {
    let host = ("GANTRY_SMTP_HOST", "127.0.0.1");
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut sends, line) = started(dir.path(), &["dev"], &[host]).await;
    assert_eq!(told(&line, "mails="), None, "{line}");
    sends.stop().await;
    let (mut serves, line) = started(other.path(), &["serve"], &[]).await;
    assert_eq!(told(&line, "mails="), None, "{line}");
    serves.stop().await;
}

#[tokio::test]
async fn the_example_is_served_and_may_ask_the_demo_realm() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, line) = started(dir.path(), &["dev", "--example=127.0.0.1:0"], &[]).await;
    let api = Api::at(&server.http);
    let example = told(&line, "example=").unwrap();
    let port = server.http.rsplit(':').next().unwrap();
    server.process.line("There is no mail server").await;
    let page = get(&api, &example).await.text().await.unwrap();
    let login = format!("http://demo.localhost:{port}");
    assert_eq!(page.matches(&login).count(), 2, "{page}");
    for part in ["page.js", "page.css"] {
        assert_eq!(get(&api, &format!("{example}{part}")).await.status(), 200, "{part}");
    }
    let origin = example.trim_end_matches('/');
    let ask = async |origin: &str| {
        let asked = api.anyone(Method::OPTIONS, "/v2/login").header(HOST, "demo.localhost");
        let asked = asked
            .header(ORIGIN, origin)
            .header("Access-Control-Request-Method", "POST");
        let answer = asked.send().await.unwrap();
        let allowed = answer.headers().get("access-control-allow-origin");
        allowed.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(ask(origin).await.as_deref(), Some(origin));
    assert_eq!(ask("http://localhost:1").await, None);
    server.stop().await;

    // The second start finds the demo realm's host again.
    let (mut server, line) = started(dir.path(), &["dev", "--example=127.0.0.1:0"], &[]).await;
    server.process.line("There is no mail server").await;
    let page = get(&api, &told(&line, "example=").unwrap()).await.text().await.unwrap();
    assert!(page.contains("content=\"http://demo.localhost:"), "{page}");
    server.stop().await;
}

#[tokio::test]
async fn the_example_is_for_this_machine_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (code, _, said) = crate::common::output(&mut gantry(dir.path(), &["dev", "--example=0.0.0.0:9000"]));
    assert_ne!(code, 0);
    assert!(said.contains("a loopback address"), "{said}");
}
