//! The page of mails, as people see it.

use reqwest::Method;
use serde_json::json;
use thirtyfour::By;

use super::{Chromium, Stage};

const HOSTILE: &str = "<h1>Hi {{ user.name }}</h1><a id=\"go\" href=\"{{ link }}\">Go</a>\
<script>top.document.title = 'taken'; document.body.dataset.ran = 1</script><img src='x' onerror=\"document.body.dataset.ran = 1\">";

#[tokio::test]
async fn t_29_a_mail_is_shown_and_runs_nothing() {
    let stage = Stage::start().await;
    let hook = json!({"hook": {
        "hook_type": "email", "event_type": ["user.password.resetting"], "email_subjects": {"en": "<i>Hi</i>"},
        "email_templates": {"en": HOSTILE}, "email_renderers": {"en": "html+text"},
    }});
    stage.core(Method::POST, "/v2/hooks", hook).await;
    stage.person("ana@example.com").await;
    let path = "/v2/users/ana@example.com/generate_password_token";
    stage.core(Method::POST, path, json!({})).await;
    let link = stage.link("ana@example.com", "reset_password=").await;
    Chromium::with("en", async |browser| {
        browser.goto(&stage.mails).await;
        browser.read("ol", "<i>Hi</i> to ana@example.com").await;
        browser
            .driver
            .find(By::PartialLinkText("Hi"))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
        browser.read("h1", "<i>Hi</i>").await;
        browser.read("pre", &link).await;
        browser.driver.enter_frame(0).await.unwrap();
        browser.read("h1", "Hi ana@example.com").await;
        let ran = browser.driver.find(By::Css("body[data-ran]")).await;
        assert!(ran.is_err(), "a script of a mail ran");
        // Its link opens the app, in a window where the app's own scripts run.
        browser.click("#go").await;
        browser.driver.enter_default_frame().await.unwrap();
        assert!(!browser.driver.title().await.unwrap().contains("taken"));
        let opened = crate::common::until("a second window", async || {
            let windows = browser.driver.windows().await.ok()?;
            windows.get(1).cloned()
        })
        .await;
        browser.driver.switch_to_window(opened).await.unwrap();
        browser.read("#reset h1", "Choose a new password").await;
    })
    .await;
    stage.end().await;
}
