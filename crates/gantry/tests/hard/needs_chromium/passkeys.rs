//! Passkeys in a browser, with an authenticator that is software.

use serde_json::json;

use super::life::Phone;
use super::{Chromium, Stage};
use crate::common::{PASSWORD, until};

const ANA: &str = "ana@example.com";

#[tokio::test]
async fn t_26_a_passkey_is_added_signs_in_alone_and_is_gone() {
    let stage = Stage::start().await;
    stage.person(ANA).await;
    Chromium::with("en-US,en", async |browser| {
        let authenticator = browser.authenticator().await;
        browser.goto(&stage.example).await;
        stage.sign_in(browser, ANA, PASSWORD).await;
        browser.read("#facts", ANA).await;
        browser.unfold("passkeys").await;
        browser.submit("passkeys", &[("name", "Laptop <b>")]).await;
        browser.read("#kept", "Laptop <b>").await;

        // It is two factors: whoever has an authenticator app is not asked for a code.
        Phone::of(&stage, &stage.user(ANA).await).await;
        browser.click("#signout").await;
        browser.read("#status", "You are signed out.").await;
        browser.click("#with-passkey").await;
        browser.read("#facts", ANA).await;
        browser.read("#home h1", "You are signed in").await;

        // A person who is not recognized does not get in, and is told.
        browser.click("#signout").await;
        browser.read("#status", "You are signed out.").await;
        let verified = |is: bool| json!({"authenticatorId": authenticator, "isUserVerified": is});
        browser.tell_devtools("WebAuthn.setUserVerified", verified(false)).await;
        browser.click("#with-passkey").await;
        browser.read("#error", "The passkey was not used.").await;
        browser.tell_devtools("WebAuthn.setUserVerified", verified(true)).await;
        browser.click("#with-passkey").await;
        browser.read("#facts", ANA).await;

        // What was removed opens nothing, although the browser still has it.
        browser.unfold("passkeys").await;
        browser.click("#kept button").await;
        until("no passkey is left", async || {
            let left = browser
                .script("return document.querySelectorAll('#kept li').length", &[])
                .await;
            (left == 0).then_some(())
        })
        .await;
        browser.click("#signout").await;
        browser.read("#status", "You are signed out.").await;
        browser.click("#with-passkey").await;
        browser.read("#error", "Login failed").await;
    })
    .await;
    stage.end().await;
}
