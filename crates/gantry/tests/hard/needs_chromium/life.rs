//! What somebody does from signing up on: the address, the second factor, accounts, passwords, the profile.

use gantry_kernel::{Clock, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Chromium, Stage};
use crate::common::{PASSWORD, totp};

const ANA: &str = "ana@example.com";
const OTHER: &str = "seven grey herons at dusk";

/// An authenticator app, enrolled by the app's back end: LoginRocket has no call for that (contract 2.4).
pub(crate) struct Phone {
    secret: Vec<u8>,
    at: u64,
}

impl Phone {
    pub(crate) async fn of(stage: &Stage, user: &Value) -> Self {
        let on = json!({"auth_provider": {"state": "active"}});
        stage.core(Method::PUT, "/v2/auth_providers/totp", on).await;
        let credential = json!({"user_id": user["id"], "credential_type": "totp", "name": "Phone"});
        let made = stage
            .core(Method::POST, "/v2/credentials", json!({ "credential": credential }))
            .await;
        let phone = Self {
            secret: totp::secret(made["otp_secret"].as_str().unwrap()),
            at: u64::try_from(SystemClock::new().now_ms() / 1000).unwrap(),
        };
        let path = format!("/v2/credentials/{}/verify", made["id"].as_str().unwrap());
        let code = json!({"credential": {"code": phone.code(0)}});
        stage.core(Method::POST, &path, code).await;
        phone
    }

    fn code(&self, later: u64) -> String {
        totp::code(&self.secret, self.at + later)
    }

    /// A code that it shows at no time near.
    fn wrong(&self) -> String {
        let near: Vec<_> = (0..8).map(|step| self.code(step * 30)).collect();
        let mut guesses = (0..10).map(|digit| digit.to_string().repeat(6));
        guesses.find(|guess| !near.contains(guess)).unwrap()
    }
}

#[tokio::test]
async fn from_signing_up_to_a_new_password() {
    let stage = Stage::start().await;
    Chromium::with("en-US,en", async |browser| {
        signs_up_and_confirms(&stage, browser).await;
        let user = stage.user(ANA).await;
        let phone = Phone::of(&stage, &user).await;
        signs_in_with_a_code(&stage, browser, &phone).await;
        let second = stage.join(&user, "Crew").await;
        switches(browser, &second).await;
        edits(browser).await;
        changes_the_password(&stage, browser, &second).await;
    })
    .await;
    stage.end().await;
}

async fn signs_up_and_confirms(stage: &Stage, browser: &Chromium) {
    browser.goto(&stage.example).await;
    browser.click("#signin [data-show=signup]").await;
    let fields = [("email", ANA), ("password", PASSWORD), ("first_name", "Ana")];
    browser.submit("signup", &fields).await;
    let facts = browser.read("#facts", ANA).await;
    assert!(
        facts.contains("not confirmed yet") && facts.contains("Signed in until"),
        "{facts}"
    );
    browser.read("#status", "We have sent you a mail").await;

    browser.goto(&stage.link(ANA, "verify_email=").await).await;
    // Whoever only looks at the link has used nothing up, and the token is out of the address.
    browser.see("#verify button").await;
    assert_eq!(stage.user(ANA).await["email_verification"], "requested");
    let url = browser.driver.current_url().await.unwrap();
    assert_eq!(url.query(), None, "{url}");
    browser.submit("verify", &[]).await;
    browser.read("#status", "Your address is confirmed.").await;
    let facts = browser.read("#facts", ANA).await;
    assert!(facts.contains("(confirmed)"), "{facts}");
    assert_eq!(stage.user(ANA).await["email_verification"], "verified");
}

async fn signs_in_with_a_code(stage: &Stage, browser: &Chromium, phone: &Phone) {
    browser.click("#signout").await;
    browser.read("#status", "You are signed out.").await;
    stage.sign_in(browser, ANA, "not the password").await;
    browser.read("#error", "Login failed").await;
    // The keyboard is where the next thing is typed, and nothing of the refused password is left.
    stage.sign_in(browser, ANA, PASSWORD).await;
    browser.submit("code", &[("code", &phone.wrong())]).await;
    browser.read("#error", "Verification failed").await;
    // The step of the enrolment is used up; the next one may come a little early.
    browser.submit("code", &[("code", &phone.code(30))]).await;
    browser.read("#facts", ANA).await;
    browser.read("#home h1", "You are signed in").await;
}

async fn switches(browser: &Chromium, second: &str) {
    browser.unfold("accounts").await;
    browser
        .submit("accounts", &[("account", "org_0000000000000000000000")])
        .await;
    browser.see("#error").await;
    browser.submit("accounts", &[("account", second)]).await;
    let facts = browser.read("#facts", second).await;
    assert!(facts.contains("Crew"), "{facts}");
}

async fn edits(browser: &Chromium) {
    browser.unfold("profile").await;
    browser.submit("profile", &[("first_name", "Ána <b>")]).await;
    browser.read("#status", "Saved.").await;
    // A name is text, whatever it looks like.
    browser.read("#facts", "Ána <b>").await;
    assert_eq!(
        browser
            .script("return document.querySelectorAll('#facts b').length", &[])
            .await,
        0
    );
}

async fn changes_the_password(stage: &Stage, browser: &Chromium, second: &str) {
    let path = format!("/v2/users/{ANA}/generate_recovery_codes");
    let codes = stage.core(Method::POST, &path, json!({})).await["codes"].clone();
    browser.unfold("password").await;
    let change = |current: &'static str| [("current_password", current), ("password", OTHER)];
    browser.submit("password", &change("not the password")).await;
    browser.read("#error", "Current password does not match").await;
    browser.submit("password", &change(PASSWORD)).await;
    browser.read("#status", "Saved.").await;

    browser.click("#signout").await;
    browser.read("#status", "You are signed out.").await;
    stage.sign_in(browser, ANA, PASSWORD).await;
    browser.read("#error", "Login failed").await;
    stage.sign_in(browser, ANA, OTHER).await;
    browser.submit("code", &[("code", codes[0].as_str().unwrap())]).await;
    // Of two accounts none is chosen for them.
    browser.read("#conditions", "Choose the account").await;
    browser.submit("accounts", &[("account", second)]).await;
    browser.read("#facts", second).await;
    assert!(
        !browser
            .see("#home")
            .await
            .text()
            .await
            .unwrap()
            .contains("Choose the account")
    );

    // A page that is loaded again knows its session, and nobody else's is in it.
    browser.driver.refresh().await.unwrap();
    browser.read("#conditions", "Choose the account").await;
    browser.click("#signout").await;
    browser.see("#signin").await;
    browser.driver.refresh().await.unwrap();
    browser.see("#signin").await;
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew() {
    let stage = Stage::start().await;
    stage.person(ANA).await;
    Chromium::with("en-US,en", async |browser| {
        browser.goto(&stage.example).await;
        browser.click("#signin [data-show=forgot]").await;
        browser.submit("forgot", &[("email", ANA)]).await;
        browser.read("#status", "If this address has an account").await;
        browser.goto(&stage.link(ANA, "reset_password=").await).await;
        browser.submit("reset", &[("password", "password")]).await;
        browser.see("#error").await;
        browser.submit("reset", &[("password", OTHER)]).await;
        browser.read("#facts", ANA).await;
        // The session ends elsewhere: the page notices, and says so.
        let ended = browser.script("return sessionStorage.getItem('session')", &[]).await;
        let path = format!("/v2/sessions/{}", ended.as_str().unwrap());
        stage.core(Method::DELETE, &path, json!({})).await;
        browser.unfold("profile").await;
        browser.submit("profile", &[("first_name", "Ana")]).await;
        browser.read("#error", "You are not signed in any more.").await;
        browser.see("#signin").await;
        stage.sign_in(browser, ANA, OTHER).await;
        browser.read("#facts", ANA).await;
    })
    .await;
    stage.end().await;
}
