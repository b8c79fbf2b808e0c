//! A phone's line: slow, or none.

use serde_json::json;

use super::{Chromium, Stage};
use crate::common::{PASSWORD, until};

const ANA: &str = "ana@example.com";

/// Counts what the page asks for, and notes down when it says that it is busy.
const WATCH: &str = "const main = document.querySelector('main'), send = fetch;
Object.assign(window, {busy: [], sent: 0, fetch: (...call) => (sent += 1, send(...call))});
new MutationObserver(() => busy.push(main.getAttribute('aria-busy'))).observe(main, {attributes: true});";

async fn line(browser: &Chromium, offline: bool, latency_ms: u32, bytes_per_second: i32) {
    let conditions = json!({
        "offline": offline, "latency": latency_ms,
        "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second,
    });
    browser.tell_devtools("Network.enable", json!({})).await;
    browser
        .tell_devtools("Network.emulateNetworkConditions", conditions)
        .await;
}

#[tokio::test]
async fn what_was_typed_outlives_a_broken_line_and_a_slow_one_is_asked_once() {
    let stage = Stage::start().await;
    stage.person(ANA).await;
    Chromium::with("en-US,en", async |browser| {
        browser.goto(&stage.example).await;
        browser.see("#signin").await;
        line(browser, true, 0, -1).await;
        stage.sign_in(browser, ANA, PASSWORD).await;
        browser.read("#error", "No answer. Check your connection").await;

        // Half a second there, half a second back, and 4 kB/s; nothing is typed again, but Enter pressed, and again.
        line(browser, false, 500, 4000).await;
        browser.script(WATCH, &[]).await;
        let field = browser.see("#signin [name=password]").await;
        field.send_keys("\n\n").await.unwrap();
        browser.read("#facts", ANA).await;
        until("it was busy once, and is no more, and asked once", async || {
            let seen = browser.script("return [busy, sent]", &[]).await;
            (seen == json!([["true", null], 1])).then_some(())
        })
        .await;
    })
    .await;
    stage.end().await;
}
