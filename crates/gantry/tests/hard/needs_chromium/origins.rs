//! Which pages may read LoginRocket's answers: the browser itself holds strange ones off.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Chromium, Stage};
use crate::common::PASSWORD;

/// Asks from the page that is open: the answer's body, or what the browser says instead.
const ASK: &str = "const [url, options, done] = arguments;
fetch(url, options).then((answer) => answer.text()).then((text) => done({text}), (error) => done({error: String(error)}));";

async fn ask(browser: &Chromium, url: &str, options: Value) -> Value {
    let asked = browser.driver.execute_async(ASK, vec![json!(url), options]).await;
    asked.unwrap().json().clone()
}

/// A page of somebody else's, on an origin of its own.
async fn strange_page() -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().fallback(get(async || Html("<!doctype html><title>strange</title>")));
    let task = gantry_telemetry::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (format!("http://localhost:{port}/"), task)
}

fn as_json() -> Value {
    let body = json!({"email": "ana@example.com", "password": PASSWORD}).to_string();
    json!({"method": "POST", "headers": {"Content-Type": "application/json"}, "body": body})
}

#[tokio::test]
async fn t_23_a_page_of_another_origin_reads_nothing() {
    let stage = Stage::start().await;
    stage.person("ana@example.com").await;
    let (strange, task) = strange_page().await;
    let login = format!("{}/v2/login", stage.login);
    Chromium::with("en", async |browser| {
        // The app's own page: the preflight allows it, and the answer can be read.
        browser.goto(&stage.example).await;
        let own = ask(browser, &login, as_json()).await;
        let answer: Value = serde_json::from_str(own["text"].as_str().unwrap()).unwrap();
        assert_eq!(answer["result"], "full_login", "{own}");
        let session = format!(
            "{}/v2/session?session={}",
            stage.login,
            answer["session"].as_str().unwrap()
        );
        assert!(ask(browser, &session, json!({})).await["text"].is_string());
        // What the realm allows ends there: the Core API is for no page at all (contract 1.4).
        let core = format!("{}/v2/users", stage.login);
        let key = json!({"headers": {"Authrocket-Api-Key": crate::common::ROOT_KEY}});
        assert!(ask(browser, &core, key).await["error"].is_string());

        browser.goto(&strange).await;
        assert_eq!(browser.script("return document.title", &[]).await, "strange");
        let before = events(&stage).await;
        for (url, options) in [
            // Asked beforehand, and not sent at all.
            (&login, as_json()),
            // Sent, and not to be read: even with a session that somebody gave away.
            (&session, json!({})),
            (&session, json!({"credentials": "include"})),
            (&format!("{}.json", stage.mails), json!({})),
        ] {
            let answer = ask(browser, url, options).await;
            assert!(
                answer["error"]
                    .as_str()
                    .is_some_and(|error| error.contains("Failed to fetch")),
                "{url}: {answer}"
            );
        }
        assert_eq!(
            events(&stage).await,
            before,
            "a login that was not allowed was not tried"
        );
    })
    .await;
    task.abort();
    stage.end().await;
}

/// How often somebody has signed in.
async fn events(stage: &Stage) -> usize {
    let query = format!("realm_id={}&event_type=user.login", stage.realm);
    stage.api.all("/v2/events", &query).await.len()
}
