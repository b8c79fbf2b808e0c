//! Signing in by mail in a browser: by the code that is typed in, by the link that is opened.

use serde_json::Value;

use super::{Chromium, Stage};
use crate::common::{PASSWORD, until};

const ANA: &str = "ana@example.com";

/// The code of the newest mail to an address that has one, unless it is the one before.
async fn code(stage: &Stage, to: &str, before: &str) -> String {
    until("a mail with a code", async || {
        let url = format!("{}.json?to={to}", stage.mails);
        let answer = stage.api.client().get(url).send().await.unwrap();
        let mails: Value = answer.json().await.unwrap();
        let mut texts = mails["mails"]
            .as_array()?
            .iter()
            .filter_map(|mail| mail["text"].as_str());
        let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-';
        let found = texts.find_map(|text| text.lines().find(is_code))?;
        (found != before).then(|| found.to_owned())
    })
    .await
}

async fn asks(browser: &Chromium) {
    browser.click("#signin [data-show=bymail]").await;
    browser.submit("bymail", &[("email", ANA)]).await;
    browser.read("#status", "If this address has an account").await;
    browser.see("#mailcode input").await;
}

#[tokio::test]
async fn a_mail_signs_in_by_its_code_and_by_its_link() {
    let stage = Stage::start().await;
    stage.person(ANA).await;
    Chromium::with("en-US,en", async |browser| {
        browser.goto(&stage.example).await;
        asks(browser).await;
        let first = code(&stage, ANA, "").await;
        browser.submit("mailcode", &[("code", "0000 0000")]).await;
        browser.read("#error", "Verification failed").await;
        browser.submit("mailcode", &[("code", &first)]).await;
        let facts = browser.read("#facts", ANA).await;
        // The mail has shown whose the address is, so the password from before is nobody's.
        assert!(facts.contains("(confirmed)"), "{facts}");
        browser.click("#signout").await;
        browser.read("#status", "You are signed out.").await;
        stage.sign_in(browser, ANA, PASSWORD).await;
        browser.read("#error", "Login failed").await;

        asks(browser).await;
        code(&stage, ANA, &first).await;
        let link = stage.link(ANA, "login=").await;
        for _ in 0..2 {
            // Whoever only looks at the link has used nothing up, and the token is out of the address.
            browser.goto(&link).await;
            browser.see("#maillink button").await;
            let url = browser.driver.current_url().await.unwrap();
            assert_eq!(url.query(), None, "{url}");
        }
        browser.submit("maillink", &[]).await;
        browser.read("#facts", ANA).await;
        browser.click("#signout").await;
        browser.read("#status", "You are signed out.").await;
        browser.goto(&link).await;
        browser.submit("maillink", &[]).await;
        browser.read("#error", "The token is not valid").await;
    })
    .await;
    stage.end().await;
}
